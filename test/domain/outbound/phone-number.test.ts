import fc from 'fast-check';
import { getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { readRecipient } from '../../../domain/outbound/address.ts';
import {
  type Numbering,
  numberingCountry,
  readNumber,
} from '../../../domain/outbound/phone-number.ts';

const e164Of = (raw: string, numbering: Numbering): string | undefined => {
  const reading = readNumber(raw, numbering);
  return reading.kind === 'number' ? reading.e164 : undefined;
};

describe('a number', () => {
  it.each([
    ['+12025550123', undefined, '+12025550123'],
    [' +1 (202) 555-0123 ', undefined, '+12025550123'],
    ['+447700900123', undefined, '+447700900123'],
    ['(202) 555-0123', 'US', '+12025550123'],
    ['12025550123', 'US', '+12025550123'],
    ['07700 900123', 'GB', '+447700900123'],
    ['447700900123', 'GB', '+447700900123'],
    ['00447700900123', 'DE', '+447700900123'],
    ['011 44 7700 900123', 'US', '+447700900123'],
    ['+447700900123', 'US', '+447700900123'],
    ['+52 1 55 1234 5678', undefined, '+5215512345678'],
    ['+525512345678', undefined, '+525512345678'],
    ['+553187654321', undefined, '+553187654321'],
    ['+5491123456789', undefined, '+5491123456789'],
  ] as const)('%s in %s is %s', (raw, defaultCountry, e164) => {
    expect(e164Of(raw, { defaultCountry })).toBe(e164);
  });

  it.each([
    ['without a country', '2025550123', undefined],
    ['too short', '+1202555', undefined],
    ['too long', '+120255501234567', undefined],
    ['of no country', '+999123456789', undefined],
    ['with an extension', '+12025550123 ext 5', undefined],
    ['within other text', 'call +12025550123', 'US'],
    ['twice', '+12025550123,+12025550124', undefined],
    ['that is a merge tag', '{{phone}}', 'US'],
    ['of another country without its code', '447700900123', 'US'],
    ['of Mexico with a 1 and too long', '+521551234567890', undefined],
    ['of the United States that would be Mexican with a 1', '12025550123', 'MX'],
    ['that is nothing', '', 'US'],
  ] as const)('is not one %s', (_name, raw, defaultCountry) => {
    expect(readNumber(raw, { defaultCountry })).toEqual({ kind: 'none' });
  });

  it('takes its country from those that have numbers', () => {
    expect(numberingCountry('US')).toBe('US');
    expect(numberingCountry('XX')).toBeUndefined();
  });
});

/** Numbers for examples and drama, or of a shape that mobile numbers have there: the digits after the country code. */
const examples = {
  AR: '91123456789',
  AT: '664123456',
  AU: '491570156',
  BR: '11961234567',
  CA: '5062340123',
  CH: '781234567',
  CN: '13123456789',
  DE: '15112345678',
  DK: '34412345',
  ES: '612345678',
  FR: '639981234',
  GB: '7700900123',
  IE: '850123456',
  IN: '8123456789',
  IT: '3123456789',
  JP: '9012345678',
  KR: '1020000000',
  MX: '2221234567',
  NL: '612345678',
  NO: '40612345',
  NZ: '211234567',
  PL: '512345678',
  SE: '701740605',
  SG: '81234567',
  TR: '5012345678',
  US: '2025550123',
  ZA: '711234567',
} as const;
type Country = keyof typeof examples;
const countries = Object.keys(examples).filter((code): code is Country =>
  Object.hasOwn(examples, code),
);
const country = fc.constantFrom(...countries);
/** A number of a country, its last three digits of any kind: `[e164, national]`. */
const numbers = fc.tuple(country, fc.integer({ min: 0, max: 999 })).map(([of, end]) => {
  const national = `${examples[of].slice(0, -3)}${String(end).padStart(3, '0')}`;
  return { of, national, e164: `+${getCountryCallingCode(of)}${national}` };
});
const runs = { numRuns: 3000 };

describe('a number without a plus', () => {
  it('of any country is never read as another number, whatever the default country', () => {
    fc.assert(
      fc.property(numbers, country, ({ e164 }, defaultCountry) => {
        expect([undefined, e164]).toContain(e164Of(e164.slice(1), { defaultCountry }));
      }),
      runs,
    );
  });

  it('of the default country itself is read as that number or as none', () => {
    fc.assert(
      fc.property(numbers, ({ of, national, e164 }) => {
        expect([undefined, e164]).toContain(e164Of(national, { defaultCountry: of }));
      }),
      runs,
    );
  });

  it('is that of its country code where the setting says international', () => {
    fc.assert(
      fc.property(numbers, fc.option(country, { nil: undefined }), ({ e164 }, defaultCountry) => {
        const numbering = { defaultCountry, numbers_without_plus: 'international' } as const;
        expect(e164Of(e164.slice(1), numbering)).toBe(e164);
        expect(e164Of(`00${e164.slice(1)}`, numbering)).toBe(e164);
        expect(e164Of(e164, numbering)).toBe(e164);
      }),
      runs,
    );
  });

  it('is one of the default country where the setting says national', () => {
    fc.assert(
      fc.property(numbers, ({ of, national, e164 }) => {
        const numbering = { defaultCountry: of, numbers_without_plus: 'national' } as const;
        expect(e164Of(national, numbering)).toBe(e164);
        expect(e164Of(e164, numbering)).toBe(e164);
      }),
      runs,
    );
  });

  it('is refused as ambiguous where it could be two', () => {
    for (const raw of ['447911123456', '4915123456789', '15123456789']) {
      expect(readNumber(raw, { defaultCountry: 'DE' })).toEqual({ kind: 'ambiguous' });
    }
    // A ten-digit number of New Jersey is one of Egypt with a plus before it.
    expect(readNumber('2015550123', { defaultCountry: 'US' })).toEqual({ kind: 'ambiguous' });
  });

  it('is refused where it is none of the kind that the setting names', () => {
    const national = { defaultCountry: 'GB', numbers_without_plus: 'national' } as const;
    expect(e164Of('447700900123', national)).toBeUndefined();
    const international = { defaultCountry: 'GB', numbers_without_plus: 'international' } as const;
    expect(e164Of('07700900123', international)).toBeUndefined();
  });

  it('tells its author why it is refused, and shows two of its digits', () => {
    expect(readRecipient('4915123456789', 'SMS', { defaultCountry: 'DE' })).toEqual({
      ok: false,
      issue:
        "…89 could be a number of DE or, with a '+' before it, of another country; " +
        'write it with its + and country code, or have numbers_without_plus set',
    });
  });
});
