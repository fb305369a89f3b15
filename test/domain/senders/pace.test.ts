import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../domain/clock.ts';
import {
  FASTEST,
  isRemembered,
  type Pace,
  rateAt,
  slowDown,
} from '../../../domain/senders/pace.ts';
import { BUILT_AT } from '../../builders/message-request.ts';

const now = BUILT_AT;
const limited = { limit: 100, start: 100, now };
const unlimited = { limit: undefined, start: 10, now };

describe('a sender with a limit', () => {
  it('slows down to 70 % when it is throttled', () => {
    expect(slowDown(undefined, limited, 2)).toMatchObject({ rate: 70, throttled: 2 });
  });

  it('does not slow down for one message that came a little early', () => {
    const once = slowDown(undefined, limited, 1);
    expect(rateAt(once, 100, now)).toBe(100);
    expect(slowDown(once, { ...limited, now: now + SECOND }, 1).rate).toBe(70);
  });

  it('does not slow down again for what was sent before it slowed down', () => {
    const first = slowDown(undefined, limited, 5);
    const again = slowDown(first, { ...limited, now: now + SECOND }, 5);
    expect(again).toMatchObject({ rate: 70, throttled: 10 });
    expect(slowDown(again, { ...limited, now: now + 5 * SECOND }, 5).rate).toBeCloseTo(49.3, 1);
  });

  it('recovers by 5 % of its limit a minute, and not above it', () => {
    const pace = slowDown(undefined, limited, 2);
    expect(rateAt(pace, 100, now + 2 * MINUTE)).toBeCloseTo(80);
    expect(rateAt(pace, 100, now + HOUR)).toBe(100);
  });

  it('follows a lower setting at once', () => {
    expect(rateAt(slowDown(undefined, limited, 2), 20, now)).toBe(20);
  });

  it('is never faster than its limit, whatever happened to it and by whichever clock', () => {
    const events = fc.array(
      fc.record({
        after: fc.integer({ min: -30_000, max: HOUR }),
        times: fc.integer({ min: 1, max: 50 }),
      }),
    );
    fc.assert(
      fc.property(events, fc.double({ min: 0.1, max: 1000, noNaN: true }), (history, limit) => {
        let pace: Pace | undefined;
        let at = now;
        for (const { after, times } of history) {
          at += after;
          pace = slowDown(pace, { limit, start: limit, now: at }, times);
          expect(rateAt(pace, limit, at)).toBeLessThanOrEqual(limit);
          expect(rateAt(pace, limit, at + 10 * HOUR)).toBeLessThanOrEqual(limit);
          expect(rateAt(pace, limit, at)).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('a sender whose limit is not known', () => {
  it('begins with what its kind may send, and doubles until it is throttled again', () => {
    const pace = slowDown(undefined, unlimited, 1);
    expect(rateAt(pace, undefined, now)).toBe(10);
    expect(rateAt(pace, undefined, now + 20 * SECOND)).toBe(40);
    const found = slowDown(pace, { ...unlimited, now: now + 20 * SECOND }, 3);
    expect(found).toMatchObject({ rate: 28, isProbing: false });
    expect(rateAt(found, undefined, now + 20 * SECOND + MINUTE)).toBeCloseTo(29.4);
  });

  it('is never faster than lanes are', () => {
    const pace = slowDown(undefined, unlimited, 1);
    expect(rateAt(pace, undefined, now + 10 * HOUR)).toBe(FASTEST);
  });

  it('is paced for an hour after it was last throttled, and begins anew then', () => {
    const pace = { ...slowDown(undefined, unlimited, 1), rate: 500, isProbing: false };
    expect(isRemembered(pace, now + HOUR - 1)).toBe(true);
    expect(isRemembered(pace, now + HOUR)).toBe(false);
    expect(slowDown(pace, { ...unlimited, now: now + HOUR }, 1)).toMatchObject({ rate: 10 });
  });
});
