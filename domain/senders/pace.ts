import { HOUR, MINUTE, SECOND } from '../clock.ts';

/**
 * How fast a sender may send now. Additive increase, multiplicative decrease: throttled, it slows down to 70 %;
 * else it recovers by 5 % a minute, never above its limit. Where there is no limit, one is looked for: the rate
 * doubles until it is throttled for the first time.
 */
export type Pace = {
  /** Units per second, as of `rateAt` (ms since 1970). */
  readonly rate: number;
  readonly rateAt: number;
  /** It has not been throttled since it began to look for its limit. */
  readonly isProbing: boolean;
  /** When it was last throttled, and how often in that minute. */
  readonly throttledAt?: number | undefined;
  readonly throttled?: number | undefined;
};

const SLOWER = 0.7;
const RECOVERED_A_MINUTE = 0.05;
/** One message in 100 seconds: a sender that is blocked for an hour is found again soon after. */
const SLOWEST = 0.01;
/** As fast as the lanes of one sender go. */
export const FASTEST = 1000;
const DOUBLES_EVERY_MS = 10 * SECOND;
/** A sender whose limit was found, and not set, is paced for so long after it was last throttled. */
const REMEMBERED_MS = HOUR;

/** The rate after a time without a throttle. `limit` in units per second; undefined where none is set. */
export function rateAt(pace: Pace, limit: number | undefined, now: number): number {
  // Another worker's clock may be ahead of ours.
  const elapsed = Math.max(0, now - pace.rateAt);
  const minutes = elapsed / MINUTE;
  if (limit !== undefined) {
    return Math.min(limit, pace.rate + limit * RECOVERED_A_MINUTE * minutes);
  }
  const grown = pace.isProbing
    ? pace.rate * 2 ** Math.min(elapsed / DOUBLES_EVERY_MS, 30)
    : pace.rate * (1 + RECOVERED_A_MINUTE) ** Math.min(minutes, 1000);
  return Math.min(FASTEST, grown);
}

/**
 * What was sent before a throttle was noticed is throttled too, and must not slow the sender down again: so
 * long may a reserved slot lie ahead.
 */
const settlesAfter = (rate: number): number => 4 * SECOND + (10 * SECOND) / rate;

/** The pace of a sender that the provider throttled `times` times just now. */
export function slowDown(
  pace: Pace | undefined,
  at: { readonly limit: number | undefined; readonly start: number; readonly now: number },
  times: number,
): Pace {
  const { limit, start, now } = at;
  const minute = Math.floor(now / MINUTE);
  const isSameMinute = Math.floor((pace?.throttledAt ?? 0) / MINUTE) === minute;
  const noted = {
    throttledAt: Math.max(now, pace?.throttledAt ?? 0),
    throttled: (isSameMinute ? (pace?.throttled ?? 0) : 0) + times,
  };
  const isForgotten = limit === undefined && !isRemembered(pace, now);
  if (pace === undefined || isForgotten) {
    // Throttled while nothing held it back: the rate that it had then is not known.
    return limit === undefined
      ? { rate: start, rateAt: now, isProbing: true, ...noted }
      : slower({ rate: limit, rateAt: 0, isProbing: false }, limit, now, { times, noted });
  }
  return slower(pace, limit, now, { times, noted });
}

type Noted = Pick<Pace, 'throttledAt' | 'throttled'>;

function slower(
  pace: Pace,
  limit: number | undefined,
  now: number,
  { times, noted }: { readonly times: number; readonly noted: Noted },
): Pace {
  const current = rateAt(pace, limit, now);
  const settles = settlesAfter(current);
  // One send that came a few ms early says nothing against a limit that somebody set; two in a row do.
  const isRepeated = times > 1 || now < (pace.throttledAt ?? 0) + settles;
  const isSettling = now < pace.rateAt + settles;
  if (isSettling || (limit !== undefined && !isRepeated)) return { ...pace, ...noted };
  return { rate: Math.max(SLOWEST, current * SLOWER), rateAt: now, isProbing: false, ...noted };
}

/** Whether a pace without a limit still holds. */
export const isRemembered = (pace: Pace | undefined, now: number): boolean =>
  pace?.throttledAt !== undefined && now < pace.throttledAt + REMEMBERED_MS;
