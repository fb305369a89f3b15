import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../domain/clock.ts';
import { instantOf, isZone, wallTimeOf } from '../../../domain/outbound/wall-clock.ts';
import { zonesOf } from '../../../domain/outbound/zones.ts';
import {
  type HoursSettings,
  isOpenAt,
  opensAt,
  sendingHours,
} from '../../../domain/senders/hours.ts';
import { windowRule } from '../../../domain/senders/windows.ts';

const at = (iso: string): number => Date.parse(iso);
const none: ReadonlySet<string> = new Set();
const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
  'UTC',
];

describe('the wall clock of a zone', () => {
  it('shows the time of day, with daylight saving', () => {
    expect(wallTimeOf('Europe/Berlin', at('2026-07-01T22:30:00Z'))).toEqual({
      day: Math.floor(at('2026-07-02') / DAY),
      minute: 30,
    });
  });

  it.each([
    ['the hour that comes twice', 'Europe/Berlin', '2026-10-25', 150, '2026-10-25T00:30:00Z'],
    ['the hour that is skipped', 'Europe/Berlin', '2026-03-29', 150, '2026-03-29T01:00:00Z'],
    ['the same in New York', 'America/New_York', '2026-03-08', 135, '2026-03-08T07:00:00Z'],
    [
      'half an hour that is skipped',
      'Australia/Lord_Howe',
      '2026-10-04',
      135,
      '2026-10-03T15:30:00Z',
    ],
    ['the minute after the change', 'Europe/Berlin', '2026-03-29', 180, '2026-03-29T01:00:00Z'],
  ])('finds the first moment of a time: %s', (_, zone, date, minute, instant) => {
    const day = Math.floor(at(date) / DAY);
    expect(new Date(instantOf(zone, { day, minute })).toISOString()).toBe(
      new Date(instant).toISOString(),
    );
  });

  it('finds the moment of any time that the clock shows, and none before it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2025-01-01') / MINUTE, max: at('2028-01-01') / MINUTE }),
        (zone, minutes) => {
          const now = minutes * MINUTE;
          const wall = wallTimeOf(zone, now);
          const found = instantOf(zone, wall);
          expect(wallTimeOf(zone, found)).toEqual(wall);
          expect(found).toBeLessThanOrEqual(now);
          expect(now - found).toBeLessThanOrEqual(HOUR);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['Europe/Berlin', 'UTC', 'America/North_Dakota/Center'])('knows the zone %s', (zone) => {
    expect(isZone(zone)).toBe(true);
  });
  it.each(['Europe/Berln', 'CET+1', '+02:00', '', 'GMT+2', 'EST', 'Europe', 'x'.repeat(300)])(
    'knows no zone %s',
    (zone) => {
      expect(isZone(zone)).toBe(false);
    },
  );
});

describe('the zones of a person', () => {
  it.each([
    ['+12125550123', 'US', ['America/New_York']],
    ['+18085550123', 'US', ['Pacific/Honolulu']],
    ['+14165550123', 'CA', ['America/Toronto']],
    ['+4915112345678', 'DE', ['Europe/Berlin', 'Europe/Busingen']],
  ])('of %s', (to, country, expected) => {
    expect(zonesOf({ to, country }, 'all')).toEqual(expected);
  });

  it('are all of the country for a number that tells no place', () => {
    expect(zonesOf({ to: '+61412345678', country: 'AU' }, 'all')).toContain('Australia/Perth');
    expect(zonesOf({ to: '+18005550123', country: 'US' }, 'all')).toContain('Pacific/Honolulu');
  });

  it('are those of the country where people keep their numbers, and the one that is named before all', () => {
    const person = { to: '+12125550123', country: 'US' };
    expect(zonesOf(person, 'country')).toContain('America/Los_Angeles');
    expect(zonesOf({ ...person, timezone: 'Europe/Paris' }, 'country')).toEqual(['Europe/Paris']);
  });

  it('are not known of an address that is no number', () => {
    expect(zonesOf({ to: 'contact:1' }, 'all')).toEqual([]);
  });
});

describe('a rule of windows', () => {
  it.each([
    ['equal ends', { daily: '08:00-08:00' }, /begins when it ends/],
    ['a time that there is not', { daily: '08:00-25:00' }, /is not a window/],
    ['no time', { daily: 'always' }, /is not a window/],
    ['an unknown day', { weekdays: '08:00-09:00' }, /names no day/],
    ['a range into holidays', { 'mon-holidays': '08:00-09:00' }, /names no day/],
  ])('with %s is refused', (_, rule, message) => {
    const read = windowRule.safeParse(rule);
    expect(read.error?.issues[0]?.message).toMatch(message);
  });

  it('names days in ranges that may go around the week', () => {
    const rule = windowRule.parse({
      'sat-mon': '10:00-12:00',
      wed: '24:00-01:00,08:00-09:00'.slice(12),
    });
    expect(Object.keys(rule).sort()).toEqual(['mon', 'sat', 'sun', 'wed']);
  });
});

const berlin = (text: string, rule: object, holidays = none) =>
  opensAt(['Europe/Berlin'], windowRule.parse(rule), holidays, 'all', at(text));
const iso = (ms: number | undefined) => (ms === undefined ? 'open' : new Date(ms).toISOString());

describe('hours', () => {
  it.each([
    ['before it opens', '2026-06-01T05:00:00Z', '2026-06-01T06:00:00.000Z'],
    ['when it opens', '2026-06-01T06:00:00Z', 'open'],
    ['in its last minute', '2026-06-01T18:59:00Z', 'open'],
    ['when it closes', '2026-06-01T19:00:00Z', '2026-06-02T06:00:00.000Z'],
    ['on Saturday evening', '2026-06-06T19:00:00Z', '2026-06-08T06:00:00.000Z'],
  ])('on weekdays and Saturdays, %s', (_, now, expected) => {
    expect(iso(berlin(now, { 'mon-sat': '08:00-21:00' }))).toBe(expected);
  });

  it('across midnight belong to the day on which they begin', () => {
    const rule = { fri: '20:00-02:00' };
    expect(iso(berlin('2026-06-05T23:00:00Z', rule))).toBe('open');
    expect(iso(berlin('2026-06-06T00:00:00Z', rule))).toBe('2026-06-12T18:00:00.000Z');
    expect(iso(berlin('2026-06-04T23:00:00Z', rule))).toBe('2026-06-05T18:00:00.000Z');
  });

  it('of holidays count where a rule names them', () => {
    const rule = { 'mon-sat': '10:00-20:00', holidays: 'none' };
    const holidays = new Set(['07-14', '2026-07-15']);
    expect(iso(berlin('2026-07-14T10:00:00Z', rule, holidays))).toBe('2026-07-16T08:00:00.000Z');
    expect(iso(berlin('2026-07-14T10:00:00Z', { 'mon-sat': '10:00-20:00' }, holidays))).toBe(
      'open',
    );
  });

  it('that begin in the hour that is skipped begin when clocks go forward', () => {
    expect(iso(berlin('2026-03-28T22:00:00Z', { sun: '02:15-05:00' }))).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });

  it('are open in all zones, in any, or never', () => {
    const rule = windowRule.parse({ daily: '08:00-21:00' });
    const both = ['America/New_York', 'Pacific/Honolulu'];
    const now = at('2026-06-01T12:30:00Z');
    expect(opensAt(both, rule, none, 'any', now)).toBeUndefined();
    expect(iso(opensAt(both, rule, none, 'all', now))).toBe('2026-06-01T18:00:00.000Z');
    expect(opensAt(both, windowRule.parse({ daily: 'none' }), none, 'all', now)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('open at the first minute at which they are open, whatever the zone, the day and the window', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        minute,
        minute,
        // Around both changes of clocks of a year.
        fc.constantFrom('2026-03-07', '2026-03-28', '2026-10-03', '2026-10-24', '2026-11-01'),
        minute,
        (zone, from, to, date, offset) => {
          fc.pre(from !== to);
          const window = { from, to: to > from ? to : to + 24 * 60 };
          const rule = { sun: [window], mon: [window], wed: [window], sat: [window] };
          const now = at(date) + offset * MINUTE;
          const open = (ms: number) => isOpenAt(wallTimeOf(zone, ms), rule, none);
          const next = opensAt([zone], rule, none, 'all', now);
          expect(next === undefined).toBe(open(now));
          if (next === undefined) return;
          for (let ms = now; ms < next; ms += MINUTE) if (open(ms)) throw new Error(iso(ms));
          expect(open(next)).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the hours of a message', () => {
  const settings: HoursSettings = {
    windows: {
      marketing: {
        '*': windowRule.parse({ daily: '09:00-18:00' }),
        US: windowRule.parse({ daily: '08:00-21:00' }),
        '+1305': windowRule.parse({ daily: '08:00-20:00' }),
      },
    },
    holidays: {},
    zonePolicy: 'all',
  };
  const closedUntil = (message: object, now: string) =>
    iso(sendingHours(settings)({ to: '+12125550123', country: 'US', ...message }, at(now)));
  const evening = '2026-06-02T00:30:00Z';

  it('are none without a category, and for a category that has no window', () => {
    expect(closedUntil({}, '2026-06-01T03:00:00Z')).toBe('open');
    expect(closedUntil({ category: 'transactional' }, '2026-06-01T03:00:00Z')).toBe('open');
  });

  it('are those of the longest prefix, else of the country, else of all', () => {
    const category = 'marketing';
    expect(closedUntil({ category }, evening)).toBe('open');
    expect(closedUntil({ category, to: '+13055550123' }, evening)).toBe('2026-06-02T12:00:00.000Z');
    expect(
      closedUntil({ category, to: '+4915112345678', country: 'DE' }, '2026-06-01T06:00:00Z'),
    ).toBe('2026-06-01T07:00:00.000Z');
  });

  it('are worked out once until they begin', () => {
    const hours = sendingHours(settings);
    const message = { category: 'marketing', to: '+12125550123', country: 'US' };
    const opens = hours(message, at('2026-06-01T03:00:00Z'));
    expect(hours(message, at('2026-06-01T11:59:59Z'))).toBe(opens);
    expect(hours(message, at('2026-06-01T12:00:00Z'))).toBeUndefined();
    expect(hours(message, at('2026-06-02T03:00:00Z'))).not.toBe(opens);
  });
});
