import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../../domain/clock.ts';
import { expiresAtOf, expiryOf } from '../../../domain/delivery/expiry.ts';

const event = { generatedAt: 1_000_000 };
const later = (seconds: number) => event.generatedAt + seconds * SECOND;
const limits = { eventTtlSeconds: 60, holdMaxMs: 48 * HOUR };

it('an event is too old only once it is older than its time to live', () => {
  expect(expiryOf(event, undefined, limits, later(60))).toBeUndefined();
  expect(expiryOf(event, undefined, limits, later(60) + 1)).toMatchObject({ code: 'event-ttl' });
});

it('an event of any age is sent where no time to live is set', () => {
  const ageless = { ...limits, eventTtlSeconds: 0 };
  expect(expiryOf(event, undefined, ageless, later(1_000_000))).toBeUndefined();
});

describe('time for which a message was held', () => {
  it('does not count towards its time to live', () => {
    expect(expiryOf(event, 10 * HOUR, limits, later(60) + 10 * HOUR)).toBeUndefined();
    expect(expiryOf(event, 10 * HOUR, limits, later(60) + 10 * HOUR + 1)).toMatchObject({
      code: 'event-ttl',
    });
  });

  it('ends at hold_max, also where no time to live is set', () => {
    const ageless = { ...limits, eventTtlSeconds: 0 };
    expect(expiryOf(event, 48 * HOUR - 1, ageless, later(0))).toBeUndefined();
    expect(expiryOf(event, 48 * HOUR, ageless, later(0))).toMatchObject({
      class: 'expired',
      code: 'hold-max',
    });
  });

  it('has no end for a replay that lifts the limits', () => {
    const replayed = { ...event, replay: { ignoreTtl: true } };
    expect(expiryOf(replayed, 96 * HOUR, limits, later(1_000_000))).toBeUndefined();
  });
});

describe('when a message that is sent now makes no more sense', () => {
  it('is the end of its time to live, later by what it was held for', () => {
    expect(expiresAtOf(event, undefined, limits)).toBe(later(60));
    expect(expiresAtOf(event, HOUR, limits)).toBe(later(60) + HOUR);
  });

  it('is the time in SEND_BY where that is sooner', () => {
    expect(expiresAtOf({ ...event, sendBy: later(30) }, undefined, limits)).toBe(later(30));
    expect(expiresAtOf({ ...event, sendBy: later(90) }, undefined, limits)).toBe(later(60));
  });

  it('is never where no time to live is set, or a replay lifted it', () => {
    expect(expiresAtOf(event, undefined, { ...limits, eventTtlSeconds: 0 })).toBeUndefined();
    expect(
      expiresAtOf({ ...event, replay: { ignoreTtl: true } }, undefined, limits),
    ).toBeUndefined();
  });
});
