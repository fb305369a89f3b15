import type { Random } from '../clock.ts';

export type BackoffPolicy = { readonly baseSeconds: number; readonly maxSeconds: number };

/**
 * Full jitter: a wait drawn evenly from (0, min(max, base · 2ⁿ)], n counted from 0, so that messages
 * which failed together do not come back together. At least one second, in whole seconds.
 */
export function fullJitter(policy: BackoffPolicy, n: number, random: Random): number {
  const ceiling = Math.min(policy.maxSeconds, policy.baseSeconds * 2 ** Math.min(n, 30));
  return Math.max(1, Math.ceil(random() * ceiling));
}
