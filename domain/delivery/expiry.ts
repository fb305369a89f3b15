import { HOUR, SECOND } from '../clock.ts';
import type { Failure } from '../failure.ts';

export type TimeLimits = {
  /** `event_ttl`; 0 lets events of any age pass. */
  readonly eventTtlSeconds: number;
  /** `hold_max`: how long a message may be held on purpose, all its holds together. */
  readonly holdMaxMs: number;
};

/**
 * Why an event is too old to send, or undefined when it is not: generated more than `event_ttl` ago, not
 * counting the time for which it was held, held for `hold_max`, or due before now (SEND_BY). A replay may
 * lift these limits.
 */
export function expiryOf(
  event: {
    readonly generatedAt: number;
    readonly sendBy?: number | undefined;
    readonly replay?: { readonly ignoreTtl: boolean } | undefined;
  },
  heldForMs: number | undefined,
  { eventTtlSeconds, holdMaxMs }: TimeLimits,
  now: number,
): Failure | undefined {
  if (event.replay?.ignoreTtl) return undefined;
  if (event.sendBy !== undefined && now > event.sendBy) return overdue;
  const held = heldForMs ?? 0;
  if (held >= holdMaxMs) return heldTooLong(holdMaxMs);
  if (eventTtlSeconds === 0) return undefined;
  const isOld = now - event.generatedAt - held > eventTtlSeconds * SECOND;
  return isOld ? tooOld(eventTtlSeconds) : undefined;
}

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
