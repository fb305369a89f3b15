import type { Observe } from '../observe.ts';

/**
 * What one success takes away from the failures of its tenant. With a quarter, the sum rises only while more
 * than a fifth of the tenant's messages fail: a few wrong numbers in a large campaign add up to nothing, and a
 * small tenant whose every message fails shows as soon as it has failed a few times.
 */
const SUCCESS = -0.25;

/** Counts a message of a tenant that was sent, or that ended as failed. */
export function countSending(observe: Observe, tenantId: string, result: 'sent' | 'failed'): void {
  observe.count('tenant_failures', { tenantId }, result === 'sent' ? SUCCESS : 1);
}

/** Counts an event of a tenant that was accepted, or that was refused or discarded. */
export function countAccepting(
  observe: Observe,
  tenantId: string,
  result: 'accepted' | 'turned-away',
): void {
  observe.count('tenant_refusals', { tenantId }, result === 'accepted' ? SUCCESS : 1);
}
