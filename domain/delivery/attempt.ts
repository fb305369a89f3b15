import type { MessageRequest } from '../outbound/message-request.ts';
import { freshOnce, withoutSecret } from '../tenant/use-secret.ts';
import { Unavailable } from '../unavailable.ts';
import type { DeliverDeps, OutboundRecord } from './deliver-deps.ts';
import type { Delivery } from './delivery.ts';
import { expiredFailure, isExpired } from './expiry.ts';
import { type Failure, outOfTime } from './failure.ts';
import type { LookUp, Outcome } from './outcome.ts';
import type { Ending } from './settle.ts';

/** Time kept for settling after the provider's answer. */
const SETTLE_RESERVE_MS = 3000;
/** A send is not begun with less time than this: cut off, it would be in doubt by our own doing. */
const SEND_NEEDS_MS = 2000;

/** What goes wrong on our own side must end the claim too, or its lease would hold the message up. */
export async function attempt(
  request: MessageRequest,
  delivery: Delivery,
  record: OutboundRecord,
  deps: DeliverDeps,
): Promise<{ ending: Ending; delivery: Delivery }> {
  try {
    return await lookUpAndSend(request, delivery, record, deps);
  } catch (error) {
    if (error instanceof Unavailable) {
      // Gateways do not throw it, so nothing was sent.
      return { ending: { kind: 'postponed', failure: dependencyDown(error) }, delivery };
    }
    deps.observe.error('the attempt broke off', {
      tenantId: request.tenantId,
      guid: request.guid,
      error: error instanceof Error ? error.name : 'not an Error',
    });
    return { ending: { kind: 'unknown', failure: brokenOff }, delivery };
  }
}

/** Everything between claim and settle. Returns the delivery as far as its doubt was resolved. */
async function lookUpAndSend(
  request: MessageRequest,
  delivery: Delivery,
  record: OutboundRecord,
  deps: DeliverDeps,
): Promise<{ ending: Ending; delivery: Delivery }> {
  const until = Math.min(record.deadline, delivery.lease?.until ?? record.deadline);
  const signal = deps.signalUntil(until - SETTLE_RESERVE_MS);
  const gateway = deps.gateways[request.provider];

  const answer = await deps.secrets.get(request.tenantId);
  if (answer.kind !== 'found') {
    return { ending: { kind: 'given-up', failure: withoutSecret(answer) }, delivery };
  }
  const credentials = freshOnce(answer.secret, request.tenantId, deps.secrets);

  let current = delivery;
  if (delivery.doubt) {
    const window = delivery.doubt;
    const found = await credentials(
      (secret) => gateway.lookUp(request, secret, window, signal),
      (lookUp: LookUp) => lookUp.kind === 'unavailable' && lookUp.authentication === true,
    );
    const ending = afterLookUp(found, request, delivery, deps);
    if (ending) return { ending, delivery };
    const { doubt: _resolved, ...clear } = delivery;
    current = clear;
  }

  if (isExpired(request, deps.policy.eventTtlSeconds, deps.clock())) {
    return {
      ending: { kind: 'expired', failure: expiredFailure(deps.policy.eventTtlSeconds) },
      delivery: current,
    };
  }
  if (await deps.optOuts.isOptedOut(request.tenantId, request.to)) {
    return { ending: { kind: 'given-up', failure: optedOut }, delivery: current };
  }
  if (deps.clock() > until - SETTLE_RESERVE_MS - SEND_NEEDS_MS) {
    return { ending: { kind: 'postponed', failure: outOfTime, seconds: 1 }, delivery: current };
  }
  const ending = await credentials(
    (secret) => gateway.send(request, secret, signal),
    (outcome: Outcome) => outcome.kind === 'rejected' && outcome.authentication === true,
  );
  return { ending, delivery: current };
}

/** Undefined when the provider does not have the message and it may be sent. */
function afterLookUp(
  found: LookUp,
  request: MessageRequest,
  delivery: Delivery,
  deps: DeliverDeps,
): Ending | undefined {
  switch (found.kind) {
    case 'accepted':
      deps.observe.count('recovered', { provider: request.provider });
      return found;
    case 'rejected':
      return found;
    case 'unavailable':
      return isExpired(request, deps.policy.eventTtlSeconds, deps.clock())
        ? { kind: 'given-up', failure: { ...found.failure, class: 'unknown' } }
        : { kind: 'postponed', failure: found.failure };
    case 'absent': {
      const last = delivery.lastError ?? outOfTime;
      // No attempts after one that is in doubt: a replay has begun, which is the operator's word to send.
      if (deps.policy.unknownPolicy === 'park' && delivery.attempts > 0) {
        return { kind: 'given-up', failure: { ...last, class: 'unknown' } };
      }
      if (delivery.attempts >= deps.policy.maxAttempts) {
        return { kind: 'given-up', failure: { ...last, class: 'transient' } };
      }
      return undefined;
    }
  }
}

const optedOut: Failure = {
  class: 'opted-out',
  code: 'opted-out',
  message: 'The recipient opted out of messages from this tenant.',
  advice:
    'Their START ends it. `npm run cli -- opt-out show <number>` tells why, and `opt-out lift` lifts it if they asked for that in another way; then replay.',
};

const dependencyDown = (error: Unavailable): Failure => ({
  class: 'transient',
  code: `${error.dependency}-unavailable`,
  message: `A part of the service was down: ${error.dependency}.`,
});

const brokenOff: Failure = {
  class: 'unknown',
  code: 'internal-error',
  message: 'The attempt ended with an error of the service itself.',
  advice:
    'Report it with the log of this guid; the message was looked up before it was sent again.',
};
