import { MINUTE, type Random, SECOND } from '../clock.ts';

/**
 * Longest wait in seconds that the other side gets by Retry-After; then it is asked again. Were the waits
 * longer, a record that is always throttled could outlive its queue's 14 days before it is given up.
 */
const LONGEST_RETRY_AFTER = (30 * MINUTE) / SECOND;

export type BackoffPolicy = { readonly baseSeconds: number; readonly maxSeconds: number };

/**
 * Full jitter: a wait drawn evenly from (0, min(max, base · 2ⁿ)], n counted from 0, so that messages
 * which failed together do not come back together. At least one second, in whole seconds.
 */
export function fullJitter(policy: BackoffPolicy, n: number, random: Random): number {
  const ceiling = Math.min(policy.maxSeconds, policy.baseSeconds * 2 ** Math.min(n, 30));
  return Math.max(1, Math.ceil(random() * ceiling));
}

/** Seconds until an attempt that the other side may have named a time for (`retryAfter`, seconds): never sooner than that. */
export const nextTry = (
  policy: BackoffPolicy,
  n: number,
  random: Random,
  retryAfter: number | undefined,
): number =>
  Math.max(Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER), fullJitter(policy, n, random));

/**
 * Seconds until a record that someone else holds something up for looks again. What is held is mostly
 * free in a moment, long before its claim would end, so the first looks are soon; each wait is twice the
 * one before (`receiveCount` from 1), so that a long outage costs few looks.
 */
export const lookAgain = (heldSeconds: number, receiveCount: number): number =>
  Math.min(heldSeconds, 2 ** receiveCount);
