import type { MessageRequest } from '../outbound/message-request.ts';
import type { DeliverDeps } from './deliver-deps.ts';
import type { Delivery } from './delivery.ts';
import type { Ending } from './settle.ts';

/**
 * The ending of a message that may not leave now; undefined when it may. What is held is in the hold
 * store once this resolves, so that its record may leave the queue:
 *
 *   keep ──▶ settle as held ──▶ delete the record
 *
 * A worker that dies between two of these leaves the record as well as what it kept. Both come back one
 * day, and the claim sends one of them.
 */
export async function heldBack(
  request: MessageRequest,
  delivery: Delivery,
  { mayLeaveNow, holdStore, policy, clock }: DeliverDeps,
): Promise<Ending | undefined> {
  const now = clock();
  const heldForMs = delivery.heldForMs ?? 0;
  const decision = await mayLeaveNow({ request, heldForMs, now });
  switch (decision.kind) {
    case 'send':
      return undefined;
    case 'stopped':
      return { kind: 'given-up', failure: decision.failure };
    case 'held': {
      // A replay without time limits may have been held for longer already: it starts from now.
      const left = Math.max(policy.holdMaxMs - heldForMs, 0) || policy.holdMaxMs;
      const until = Math.min(decision.until, now + left);
      const hold = { reason: decision.reason, since: now, until };
      await holdStore.keep({ request, hold, holdNo: delivery.version });
      return { kind: 'held', hold };
    }
  }
}
