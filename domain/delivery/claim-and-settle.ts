import { SECOND } from '../clock.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import { swapUntil } from '../swap-until.ts';
import { type ClaimDecision, decideClaim, firstClaim } from './claim.ts';
import type { DeliverDeps, OutboundRecord } from './deliver-deps.ts';
import type { Delivery } from './delivery.ts';
import { type Disposition, type Ending, settle } from './settle.ts';
import { isAtProvider } from './status-rank.ts';

type HoldDeps = Pick<DeliverDeps, 'clock' | 'deliveries' | 'policy'>;

export type Claim =
  | { readonly kind: 'taken'; readonly delivery: Delivery }
  | Exclude<ClaimDecision, { kind: 'take' }>;

/**
 * One write for a message seen for the first time; a read and a write otherwise. A record that was given
 * out before, or by a replay, very likely has its delivery: that is read first, because an insert that
 * fails is billed as a write.
 */
export async function claimDelivery(
  request: MessageRequest,
  { receiveCount }: Pick<OutboundRecord, 'receiveCount'>,
  deps: HoldDeps & Pick<DeliverDeps, 'newId' | 'hashAddress'>,
): Promise<Claim> {
  const { clock, deliveries, newId, policy } = deps;
  const addressHash = await deps.hashAddress?.(request.tenantId, request.to);
  const by = { now: clock(), token: newId(), addressHash };
  const id = deliveryIdOf(request);
  const isLikelyKnown = receiveCount > 1 || request.replay !== undefined;
  let current = isLikelyKnown ? await deliveries.get(id) : undefined;
  if (current === undefined) {
    const first = firstClaim(request, by, policy);
    if (await deliveries.insert(first)) return { kind: 'taken', delivery: first };
  }

  return swapUntil('deliveries', async () => {
    const known = current ?? (await deliveries.get(id));
    current = undefined;
    // The insert failed, so it exists; an empty answer means that its time to live ended just now.
    if (known === undefined) return { kind: 'wait', seconds: 1 };
    // Our own insert may have been stored although its answer was lost and the call tried again.
    if (known.lease?.token === by.token) return { kind: 'taken', delivery: known };
    const decision = decideClaim(known, request, by, policy);
    if (decision.kind !== 'take') return decision;
    const isStored = await deliveries.swap(decision.next);
    return isStored ? { kind: 'taken', delivery: decision.next } : undefined;
  });
}

/** Stores how the claim ended. A callback may have changed the record meanwhile: its word is kept. */
export async function settleDelivery(
  delivery: Delivery,
  ending: Ending,
  record: Pick<OutboundRecord, 'receiveCount'>,
  deps: HoldDeps,
): Promise<Disposition> {
  let current = delivery;
  return swapUntil<Disposition>('deliveries', async () => {
    const at = { now: deps.clock(), receiveCount: record.receiveCount };
    const { next, disposition } = settle(current, ending, at, deps.policy);
    if (await deps.deliveries.swap(withNextTry(next, disposition, at.now))) return disposition;
    const stored = await deps.deliveries.get(delivery.deliveryId);
    if (stored === undefined) return { kind: 'retry', seconds: 1 };
    // A callback reported that it was sent: whatever the answer said, there is nothing left to do.
    if (isAtProvider(stored.status) && ending.kind !== 'accepted') return { kind: 'done' };
    // Not ours any more: settled by a call whose answer was lost, or taken over after the lease.
    const takenOver = stored.lease?.token !== delivery.lease?.token;
    if (takenOver && ending.kind !== 'accepted') return { kind: 'retry', seconds: 1 };
    // An accepted message is on record whoever holds the lease now; nothing else may overrule a newer holder.
    current = stored;
    return undefined;
  });
}

/** Says on the record when its next attempt is due, for those who ask about it. */
function withNextTry(next: Delivery, disposition: Disposition, now: number): Delivery {
  const { nextTryAt: _past, ...rest } = next;
  return disposition.kind === 'retry'
    ? { ...rest, nextTryAt: now + disposition.seconds * SECOND }
    : rest;
}
