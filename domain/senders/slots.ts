import { MINUTE, SECOND } from '../clock.ts';

/**
 * The slots of a sender, given out one after the other by virtual scheduling (GCRA): its schedule is one number,
 * when the next slot is free, and a reservation moves it by its own length.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export type Reservation = {
  /** ms since 1970. */
  readonly now: number;
  readonly lengthMs: number;
  /** Nothing is reserved that would begin after this. */
  readonly latestAt: number;
  /** A schedule beyond this was written by a clock that is wrong. */
  readonly wrongAfter: number;
};

/** When the reserved slots begin; undefined when that would be too late. `freeAt` is undefined for a new sender. */
export function slotAt(
  freeAt: number | undefined,
  { now, latestAt, wrongAfter }: Omit<Reservation, 'lengthMs'>,
): number | undefined {
  if (freeAt === undefined || freeAt <= now || freeAt > wrongAfter) return now;
  return freeAt <= latestAt ? freeAt : undefined;
}

/** Clocks may differ by so much, in either direction. */
const CLOCKS_DIFFER_MS = 30 * SECOND;

/** No batch takes longer, but for one message of many segments from a sender that is all but blocked. */
const LONGEST_MS = 10 * MINUTE;

/** A reservation that may begin `aheadMs` from now at the latest. */
export const reservation = (now: number, lengthMs: number, aheadMs: number): Reservation => ({
  now,
  lengthMs,
  latestAt: now + aheadMs,
  // Whoever's clock is ahead may have reserved that much further.
  wrongAfter: now + aheadMs + lengthMs + 2 * CLOCKS_DIFFER_MS + LONGEST_MS,
});

/**
 * The schedule is a little slower than the rate: a slot is used some ms late or early, and a provider that
 * counts the messages of every second would refuse the early one.
 */
const HEADROOM = 1.005;
/** Where a provider takes one in a second, each must keep its distance from the one before. */
const SLOW_PER_SECOND = 2;
const SLOW_MARGIN_MS = 40;

/** ms between two units at this rate. */
export const msPerUnit = (perSecond: number): number =>
  (SECOND / perSecond) * HEADROOM + (perSecond <= SLOW_PER_SECOND ? SLOW_MARGIN_MS : 0);
