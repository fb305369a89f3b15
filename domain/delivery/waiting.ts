import type { Delivery } from './delivery.ts';

/**
 * How a message waits once it was tried: `retrying`, certainly not accepted and to be tried again;
 * `in-doubt`, perhaps accepted, and to be looked up before anything else.
 */
const waitingKinds = ['retrying', 'in-doubt'] as const;
export type WaitingKind = (typeof waitingKinds)[number];

/** How the message waits; undefined when it was not tried yet, or is done with. */
export function waitingKind(
  delivery: Pick<Delivery, 'status' | 'doubt' | 'lastError'>,
): WaitingKind | undefined {
  if (delivery.status !== 'sending' && delivery.status !== 'unknown') return undefined;
  if (delivery.doubt !== undefined) return 'in-doubt';
  return delivery.lastError === undefined ? undefined : 'retrying';
}
