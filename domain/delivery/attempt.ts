import { type Failure, outOfTime } from '../failure.ts';
import { isErased, type RecipientState } from '../opt-outs/opt-out.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { withFreshSecret, withoutSecret } from '../tenant/use-secret.ts';
import { Unavailable } from '../unavailable.ts';
import type { DeliverDeps, OutboundRecord } from './deliver-deps.ts';
import type { Delivery } from './delivery.ts';
import { cleared, withoutDoubt } from './doubt.ts';
import { expiresAtOf, expiryOf } from './expiry.ts';
import { heldBack } from './held-back.ts';
import type { Outcome } from './outcome.ts';
import { resolveDoubt } from './resolve-doubt.ts';
import type { Ending } from './settle.ts';

/** Time kept for settling after the provider's answer. */
const SETTLE_RESERVE_MS = 3000;
/** A send is not begun with less time than this: cut off, it would be in doubt by our own doing. */
const SEND_NEEDS_MS = 2000;

type Attempted = { readonly ending: Ending; readonly delivery: Delivery };

/** What goes wrong on our own side must end the claim too, or its lease would hold the message up. */
export async function attempt(
  request: MessageRequest,
  delivery: Delivery,
  record: OutboundRecord,
  deps: DeliverDeps,
): Promise<Attempted> {
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
): Promise<Attempted> {
  const until = Math.min(record.deadline, delivery.lease?.until ?? record.deadline);
  const signal = deps.signalUntil(until - SETTLE_RESERVE_MS);

  const answer = await deps.secrets.get(request.tenantId);
  if (answer.kind !== 'found') {
    return { ending: { kind: 'given-up', failure: withoutSecret(answer) }, delivery };
  }
  const credentials = withFreshSecret({
    tenantId: request.tenantId,
    secret: answer.secret,
    secrets: deps.secrets,
  });

  let current = delivery;
  if (delivery.doubt) {
    const asked = await resolveDoubt(
      request,
      delivery,
      { signal, receiveCount: record.receiveCount, credentials },
      deps,
    );
    if (asked.ending) return { ending: asked.ending, delivery: asked.delivery };
    current = asked.delivery;
  }
  const settledBy = (ending: Ending): Attempted => ({ ending, delivery: withoutDoubt(current) });

  const expiry = expiryOf(request, current.heldForMs, deps.policy, deps.clock());
  if (expiry) return settledBy({ kind: 'expired', failure: expiry });
  const held = await heldBack(request, current, deps);
  if (held) return settledBy(held);
  const recipient = await deps.optOuts.stateOf(request.tenantId, request.to);
  const unwanted = unwantedBy(recipient, request);
  if (unwanted) return settledBy(unwanted);
  if (deps.clock() > until - SETTLE_RESERVE_MS - SEND_NEEDS_MS) {
    return settledBy({ kind: 'postponed', failure: outOfTime, seconds: 1 });
  }
  if (current.doubt) {
    // Stored before anything else is tried, so that a doubt is always about one attempt's sender and text.
    const clear = cleared(current, request, deps.clock());
    if (!(await deps.deliveries.swap(clear))) {
      const ending = { kind: 'postponed', failure: changedMeanwhile, seconds: 1 } as const;
      return { ending, delivery: current };
    }
    current = clear;
  }
  const expiresAt = expiresAtOf(request, current.heldForMs, deps.policy);
  const ending = await credentials(
    (secret) => deps.gateways[request.provider].send(request, secret, signal, expiresAt),
    (outcome: Outcome) => outcome.kind === 'rejected' && outcome.authentication === true,
  );
  return { ending, delivery: current };
}

/** The ending of a message that its recipient must not get, or undefined. */
function unwantedBy(recipient: RecipientState, request: MessageRequest): Ending | undefined {
  if (isErased(request.acceptedAt, recipient)) return { kind: 'erased' };
  if (request.answers === 'STOP') {
    return recipient.isOptedOut ? undefined : { kind: 'expired', failure: optedInAgain };
  }
  return recipient.isOptedOut ? { kind: 'given-up', failure: optedOut } : undefined;
}

const optedOut: Failure = {
  class: 'opted-out',
  code: 'opted-out',
  message: 'The recipient opted out of messages from this tenant.',
  advice:
    'Their START ends it. `npm run cli -- opt-out show <number>` shows why, and `opt-out lift` lifts it if they asked for that in another way; then replay.',
};

const optedInAgain: Failure = {
  class: 'expired',
  code: 'opted-in-again',
  message: 'The person opted in again before their opt-out was confirmed.',
  advice: 'Nothing to do: the confirmation would be wrong now.',
};

const changedMeanwhile: Failure = {
  class: 'transient',
  code: 'changed-meanwhile',
  message: 'Something was learnt of the delivery just before it was sent.',
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
