import { HOUR, SECOND } from '../clock.ts';
import type { Failure } from '../failure.ts';

export type TimeLimits = {
  /** `event_ttl`; 0 lets events of any age pass. */
  readonly eventTtlSeconds: number;
  /** `hold_max`: how long a message may be held on purpose, all its holds together. */
  readonly holdMaxMs: number;
};

type Aging = {
  readonly generatedAt: number;
  readonly sendBy?: number | undefined;
  readonly replay?: { readonly ignoreTtl: boolean } | undefined;
};

/**
 * Why an event is too old to send, or undefined when it is not: generated more than `event_ttl` ago, not
 * counting the time for which it was held, held for `hold_max`, or due before now (SEND_BY). A replay may
 * lift these limits.
 */
export function expiryOf(
  event: Aging,
  heldForMs: number | undefined,
  limits: TimeLimits,
  now: number,
): Failure | undefined {
  if (event.replay?.ignoreTtl) return undefined;
  if (event.sendBy !== undefined && now > event.sendBy) return overdue;
  const held = heldForMs ?? 0;
  if (held >= limits.holdMaxMs) return heldTooLong(limits.holdMaxMs);
  const oldAt = oldAtOf(event, held, limits);
  return oldAt !== undefined && now > oldAt ? tooOld(limits.eventTtlSeconds) : undefined;
}

/** When an event that is sent now makes no more sense, ms since 1970; undefined where it never expires. */
export function expiresAtOf(
  event: Aging,
  heldForMs: number | undefined,
  limits: TimeLimits,
): number | undefined {
  if (event.replay?.ignoreTtl) return undefined;
  const ends = [event.sendBy, oldAtOf(event, heldForMs ?? 0, limits)];
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

const oldAtOf = (
  { generatedAt }: Aging,
  heldForMs: number,
  { eventTtlSeconds }: TimeLimits,
): number | undefined =>
  eventTtlSeconds === 0 ? undefined : generatedAt + heldForMs + eventTtlSeconds * SECOND;

const overdue: Failure = {
  class: 'expired',
  code: 'send-by',
  message: 'The time that the creative names in SEND_BY is over.',
  advice: 'Replay it with the time limit lifted if the message still makes sense.',
};

const tooOld = (eventTtlSeconds: number): Failure => ({
  class: 'expired',
  code: 'event-ttl',
  message: `The event grew older than event_ttl (${eventTtlSeconds} s) before it could be sent.`,
  advice: 'Replay it with the time limit lifted if the message still makes sense.',
});

const heldTooLong = (holdMaxMs: number): Failure => ({
  class: 'expired',
  code: 'hold-max',
  message: `The message was held for hold_max (${holdMaxMs / HOUR} h).`,
  advice: 'Replay it with the time limit lifted if the message still makes sense.',
});
