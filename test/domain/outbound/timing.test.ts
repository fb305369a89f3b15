import { describe, expect, it } from 'vitest';
import { HOUR } from '../../../domain/clock.ts';
import { readTiming, type TimingFields } from '../../../domain/outbound/timing.ts';
import { BUILT_AT } from '../../builders/message-request.ts';

// It is 2026-03-02T09:00Z.
const settings = {
  categories: ['transactional', 'marketing'],
  zonePolicy: 'all',
  holdMaxMs: 48 * HOUR,
} as const;
const read = (fields: Partial<TimingFields>, person = { to: '+12125550123', country: 'US' }) =>
  readTiming(
    { category: '', timezone: '', sendAt: '', sendBy: '', ...fields },
    person,
    settings,
    BUILT_AT,
  );
const iso = (ms: number | undefined) => ms && new Date(ms).toISOString();

describe('what a creative says about its time', () => {
  it('is in the zone of the number, in the one that it names, or with an offset', () => {
    const sendAt = '2026-03-02T12:00';
    expect(iso(read({ sendAt }).timing.sendAt)).toBe('2026-03-02T17:00:00.000Z');
    expect(iso(read({ sendAt, timezone: 'Europe/Berlin' }).timing.sendAt)).toBe(
      '2026-03-02T11:00:00.000Z',
    );
    expect(iso(read({ sendAt: `${sendAt}+05:30` }).timing.sendAt)).toBe('2026-03-02T06:30:00.000Z');
    expect(iso(read({ sendAt: `${sendAt}:00Z` }).timing.sendAt)).toBe('2026-03-02T12:00:00.000Z');
  });

  it('is reached when it is reached in every zone that the number may be in', () => {
    const person = { to: '+61412345678', country: 'AU' };
    expect(iso(read({ sendAt: '2026-03-03T09:00' }, person).timing.sendAt)).toBe(
      '2026-03-03T01:00:00.000Z',
    );
  });

  it('takes a category in any case', () => {
    expect(read({ category: 'Marketing' })).toEqual({
      timing: { category: 'marketing' },
      issues: [],
    });
  });

  it('is fine in the past: it is sent now', () => {
    expect(read({ sendAt: '2026-03-01T09:00' }).issues).toEqual([]);
  });

  it.each([
    ['CATEGORY', { category: 'news' }, 'is none of transactional, marketing'],
    ['TIMEZONE', { timezone: 'Mars/Olympus' }, 'is not a time zone such as Europe/Berlin'],
    ['SEND_AT', { sendAt: 'tomorrow' }, 'is not a time such as'],
    ['SEND_AT', { sendAt: '2026-02-30T09:00' }, 'is not a time such as'],
    ['SEND_AT', { sendAt: '2026-03-02T24:30' }, 'is not a time such as'],
    ['SEND_AT', { sendAt: '2026-03-05T09:00' }, 'is more than hold_max (48 h) ahead'],
    ['SEND_BY', { sendBy: '2026-03-01T09:00' }, 'is in the past'],
    ['SEND_BY', { sendAt: '2026-03-02T12:00', sendBy: '2026-03-02T11:00' }, 'is not after SEND_AT'],
  ])('is refused by the name of its field: %s %j', (field, fields, issue) => {
    const { issues } = read(fields);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ field, issue: expect.stringContaining(issue) });
  });

  it('needs a zone where the address tells none', () => {
    const { issues } = read({ sendAt: '2026-03-02T12:00' }, { to: 'contact:1', country: '' });
    expect(issues).toMatchObject([{ field: 'SEND_AT' }]);
  });
});
