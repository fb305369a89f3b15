import { describe, expect, test } from 'vitest';
import { describe as describeFailure, describeLate } from '../../domain/delivery/error-table.ts';
import { explainLateError } from '../../providers/errors.ts';
import { scgErrorNumber, scgErrors } from '../../providers/scg/error-table.ts';
import { scgLateErrors } from '../../providers/scg/late-error-table.ts';
import { twilioErrors } from '../../providers/twilio/error-table.ts';
import { twilioLateErrors } from '../../providers/twilio/late-error-table.ts';

/** Every code that the providers document for sending, by what it comes to here. */
const documented = {
  'Twilio, at once': {
    table: twilioErrors,
    codes: {
      permanent: [
        20422, 21211, 21265, 21266, 21268, 21602, 21604, 21614, 21617, 21618, 21619, 21620, 21623,
        21635, 21654, 21655, 21656, 21658,
      ],
      config: [
        20003, 20005, 20006, 20008, 20403, 20404, 21212, 21264, 21267, 21408, 21601, 21603, 21606,
        21607, 21608, 21609, 21612, 21616, 21621, 21622, 21624, 21657, 21659, 21660, 21661, 21662,
        21663, 21664, 21665, 21666, 21667, 21668, 21701, 21702, 21703, 21704, 21705, 21708, 21709,
        21711, 21712, 21715, 21900, 21901, 21910, 63007,
      ],
      'opted-out': [21610],
      throttled: [20429, 21611],
      unknown: [20500, 20503],
    },
  },
  'Twilio, later': {
    table: twilioLateErrors,
    codes: {
      permanent: [
        11751, 30004, 30005, 30006, 30011, 30019, 30450, 63003, 63005, 63006, 63013, 63016, 63019,
        63021, 63024, 63026, 63030, 63031, 63032, 63034, 63036,
      ],
      config: [
        30002, 30007, 30018, 30024, 30032, 30033, 30034, 30035, 63001, 63002, 63008, 63015, 63020,
        63022, 63027, 63028, 63040, 63041, 63042, 63051,
      ],
      'opted-out': [63014, 63033],
      throttled: [30001, 30022, 30023, 30027, 30036, 63017, 63018, 63038],
      recipient: [30003, 30008, 30017, 30020, 30021, 30410, 63009, 63010, 63011, 63012, 63023],
    },
  },
  'SCG, at once': {
    table: scgErrors,
    codes: {
      permanent: [
        400, 4001, 4002, 4003, 4004, 40020, 40025, 1012, 4005, 1023, 4006, 1020, 4007, 4008, 4009,
        40010, 40015, 40024, 40026, 40027, 40028, 40029, 40030, 4031, 4032, 4037,
      ],
      config: [
        40011, 40012, 40013, 40014, 40016, 40017, 40018, 40019, 40021, 40022, 40023, 401, 4010, 402,
        4020, 403, 4030, 4033, 4034, 4035, 4036, 404, 4040, 4041, 4043, 4045, 4046,
      ],
      throttled: [4021],
      transient: [1001, 4090, 4220],
      unknown: [1011, 500, 5000, 5002, 5003, 5004, 5030],
    },
  },
  'SCG, later': {
    table: scgLateErrors,
    codes: {
      permanent: [1002, 1004, 1012, 1019, 23],
      config: [1003, 1006, 1015],
      'opted-out': [1005],
      throttled: [1039, 1067],
      recipient: [1001, 1007, 1009, 5, 7, 9, 90, 999],
    },
  },
};

describe.each(Object.entries(documented))('%s', (_, { table, codes }) => {
  const expected = Object.entries(codes).flatMap(([kind, list]) =>
    list.map((code) => [String(code), kind] as const),
  );

  test('has every documented code in its class, and no other', () => {
    const actual = Object.entries(table).map(([code, row]) => [code, row.class]);
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
  });

  test('speaks in sentences that an operator can act on', () => {
    for (const [code, { meaning, advice }] of Object.entries(table)) {
      expect(`${code} ${meaning}`).toMatch(/^\d+ [A-Z].+[^.]\.$/);
      expect(`${code} ${advice}`).toMatch(/^\d+ [A-Z].+[^.]\.$/);
    }
  });
});

test.each([
  ['Twilio', twilioErrors],
  ['SCG', scgErrors],
])('%s advises a replay only where a replay sends', (_, table) => {
  const advised = Object.entries(table).filter(([, { advice }]) => /replay/i.test(advice));
  expect(advised.filter(([, row]) => row.class === 'permanent')).toEqual([]);
});

describe('an error told later', () => {
  test.each([
    ['twilio', '21610', 'opted-out'],
    ['twilio', '21612', 'config'],
    ['twilio', '21211', 'permanent'],
    ['twilio', '21611', 'throttled'],
    ['twilio', '20500', 'recipient'],
    ['scg', '4045', 'config'],
    ['scg', 'SCG_ERROR_40023', 'config'],
    ['scg', '4220', 'recipient'],
  ] as const)(
    'of %s with code %s, which is else answered at once, is %s',
    (provider, code, kind) => {
      const { meaning } =
        (provider === 'twilio' ? twilioErrors : scgErrors)[scgErrorNumber(code)] ?? {};
      expect(explainLateError(provider, code)).toMatchObject({ class: kind, meaning });
    },
  );

  test('is in the words of the later table where both have its code', () => {
    expect(explainLateError('scg', 'SCG_ERROR_1001')).toBe(scgLateErrors[1001]);
    expect(explainLateError('scg', '1012')).toBe(scgLateErrors[1012]);
  });

  test.each(['404', '500'])('is not known by %s, which may be a carrier’s number', (code) => {
    expect(explainLateError('scg', code)).toBeUndefined();
  });

  test('is not known by a code of no table', () => {
    expect(explainLateError('twilio', '99999')).toBeUndefined();
    expect(explainLateError('twilio', 'constructor')).toBeUndefined();
  });

  test.each([
    ['twilio', { ...twilioErrors, ...twilioLateErrors }],
    ['scg', { ...scgErrors, ...scgLateErrors }],
  ] as const)(
    'of %s speaks of no replay, since the message is never sent again',
    (provider, table) => {
      const rows = Object.keys(table).map((code) => explainLateError(provider, code));
      expect(rows.filter((row) => row && /replay/i.test(row.advice))).toEqual([]);
    },
  );
});

test('an error becomes a failure in the table’s words', () => {
  const row = { class: 'throttled', meaning: 'Too fast.', advice: 'Wait.' } as const;
  expect(describeFailure(row, '1', 429)).toEqual({
    class: 'transient',
    code: '1',
    message: 'Too fast.',
    advice: 'Wait.',
    httpStatus: 429,
  });
});

test.each([
  ['recipient', 'transient'],
  ['throttled', 'transient'],
  ['permanent', 'permanent'],
  ['config', 'config'],
  ['opted-out', 'opted-out'],
] as const)('a late error of class %s is %s to the operator', (kind, failureClass) => {
  const row = { class: kind, meaning: 'It failed.', advice: 'Wait.' };
  expect(describeLate(row, '1')).toMatchObject({ class: failureClass, code: '1' });
});

test.each([
  ['SCG_ERROR_4046', '4046'],
  ['scg_error_4046', '4046'],
  [' 4046 ', '4046'],
  [4046, '4046'],
])('SCG’s code %j is number %s', (code, number) => {
  expect(scgErrorNumber(code)).toBe(number);
});
