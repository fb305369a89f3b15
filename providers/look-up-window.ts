import { MINUTE } from '../domain/clock.ts';
import type { LookUpWindow } from '../domain/delivery/outcome.ts';
import { type Answer, dateOf } from '../domain/exchange.ts';

/** Beyond what the clocks are known to differ by: seconds lost on the way, and whole-second dates. */
const MARGIN = 2 * MINUTE;

/**
 * By how much the provider's clock is ahead of ours, ms. A Lambda's clock may be minutes off; the
 * provider's answer carries its own, so the difference is known at the moment of asking.
 */
export const aheadOfUs = (answer: Answer, now: number): number => (dateOf(answer) ?? now) - now;

/** The window on the provider's clock, with its margin. */
export function onProviderClock(window: LookUpWindow, answer: Answer, now: number): LookUpWindow {
  const ahead = aheadOfUs(answer, now);
  return { from: window.from + ahead - MARGIN, to: window.to + ahead + MARGIN };
}

export const isWithin = (window: LookUpWindow, at: number): boolean =>
  at >= window.from && at <= window.to;
