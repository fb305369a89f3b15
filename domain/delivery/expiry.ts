import { SECOND } from '../clock.ts';
import type { Failure } from '../failure.ts';

/**
 * Whether an event is too old to send: generated more than `eventTtlSeconds` ago. 0 lets events of
 * any age pass, and so does a replay that lifts the limit.
 */
export function isExpired(
  event: {
    readonly generatedAt: number;
    readonly replay?: { readonly ignoreTtl: boolean } | undefined;
  },
  eventTtlSeconds: number,
  now: number,
): boolean {
  if (eventTtlSeconds === 0 || event.replay?.ignoreTtl) return false;
  return now - event.generatedAt > eventTtlSeconds * SECOND;
}

export const expiredFailure = (eventTtlSeconds: number): Failure => ({
  class: 'expired',
  code: 'event-ttl',
  message: `The event grew older than event_ttl (${eventTtlSeconds} s) before it could be sent.`,
  advice: 'Replay it with the time limit lifted if the message still makes sense.',
});
