import { type Failure, outOfTime } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { Credentials } from '../tenant/use-secret.ts';
import type { DeliverDeps } from './deliver-deps.ts';
import type { Delivery } from './delivery.ts';
import { type Question, questionAbout } from './doubt.ts';
import { expiryOf } from './expiry.ts';
import type { LookUp } from './outcome.ts';
import { earlierClaim, type Recognition, recognise } from './ownership.ts';
import type { Ending } from './settle.ts';
import { recipientOf } from './tried.ts';

type Asking = {
  readonly signal: AbortSignal;
  readonly receiveCount: number;
  readonly credentials: Credentials;
};

/** Without an ending the provider does not have the message, and it may be sent. */
export type DoubtResolved = { readonly ending?: Ending; readonly delivery: Delivery };

/** Asks the provider that was tried about what was tried, and whose the message is that it has. */
export async function resolveDoubt(
  request: MessageRequest,
  delivery: Delivery,
  asking: Asking,
  deps: DeliverDeps,
): Promise<DoubtResolved> {
  if (delivery.doubt === undefined) return { delivery };
  const earlier = await earlierClaim(delivery, deps);
  if (earlier) return accepted(earlier, deps);

  const question = questionAbout(delivery, delivery.doubt, request);
  const found = await ask(question, asking, deps);
  if (found.kind === 'accepted') {
    return accepted({ ...delivery, providerMessageId: found.providerMessageId }, deps);
  }
  if (found.kind === 'rejected') return { ending: found, delivery };
  if (found.kind === 'unavailable') return notAsked(found.failure, request, delivery, deps);
  if (!question.isSameRecipient) return uncertain(inconclusive, request, delivery, deps);
  if (found.kind === 'absent') return absent(delivery, deps);

  const { receiveCount } = asking;
  const recognition = await recognise(
    delivery,
    recipientOf(question.request),
    found,
    { receiveCount, unseenForMs: deps.policy.inDoubtGraceMs },
    deps,
  );
  return afterRecognition(recognition, request, deps);
}

const ask = (
  { request, attempt }: Question,
  { signal, credentials }: Asking,
  deps: DeliverDeps,
): Promise<LookUp> =>
  credentials(
    (secret) => deps.gateways[request.provider].lookUp(request, secret, attempt, signal),
    (lookUp: LookUp) => lookUp.kind === 'unavailable' && lookUp.authentication === true,
  );

function afterRecognition(
  recognition: Recognition,
  request: MessageRequest,
  deps: DeliverDeps,
): DoubtResolved {
  const { delivery } = recognition;
  switch (recognition.kind) {
    case 'accepted':
      return accepted(recognition.delivery, deps);
    case 'wait': {
      const { seconds } = recognition;
      return { ending: { kind: 'postponed', failure: notYetKnown, seconds }, delivery };
    }
    case 'inconclusive':
      return uncertain(inconclusive, request, delivery, deps);
    case 'ambiguous':
      return uncertain(ambiguous, request, delivery, deps);
    case 'absent':
      return absent(delivery, deps);
  }
}

function accepted(
  delivery: Delivery & { readonly providerMessageId: string },
  deps: DeliverDeps,
): DoubtResolved {
  deps.observe.count('recovered', { provider: delivery.provider });
  return { ending: { kind: 'accepted', providerMessageId: delivery.providerMessageId }, delivery };
}

const notAsked = (
  failure: Failure,
  request: MessageRequest,
  delivery: Delivery,
  deps: DeliverDeps,
): DoubtResolved => ({
  ending: expiryOf(request, delivery.heldForMs, deps.policy, deps.clock())
    ? { kind: 'given-up', failure: { ...failure, class: 'unknown' } }
    : { kind: 'postponed', failure },
  delivery,
});

/**
 * The provider was asked and cannot tell. An operator who insists has it sent all the same: once, so not
 * after an attempt of the same replay.
 */
const uncertain = (
  failure: Failure,
  request: MessageRequest,
  delivery: Delivery,
  deps: DeliverDeps,
): DoubtResolved =>
  request.replay?.sendInDoubt === true && delivery.attempts === 0
    ? { delivery }
    : notAsked(failure, request, delivery, deps);

function absent(delivery: Delivery, deps: DeliverDeps): DoubtResolved {
  const last = delivery.lastError ?? outOfTime;
  // No attempts after one that is in doubt: a replay has begun, which is the operator's word to send.
  if (deps.policy.unknownPolicy === 'park' && delivery.attempts > 0) {
    return { ending: { kind: 'given-up', failure: { ...last, class: 'unknown' } }, delivery };
  }
  if (delivery.attempts >= deps.policy.maxAttempts) {
    return { ending: { kind: 'given-up', failure: { ...last, class: 'transient' } }, delivery };
  }
  return { delivery };
}

const inconclusive: Failure = {
  class: 'unknown',
  code: 'look-up-inconclusive',
  message: 'The provider has messages to this recipient of which one may be this.',
  advice:
    'Look for the message in the provider’s console. If it is not there, `replay start --send-in-doubt` sends it.',
};

const ambiguous: Failure = {
  class: 'unknown',
  code: 'equal-messages-in-doubt',
  message:
    'The provider has an equal message to this recipient, and another delivery in doubt may have sent it.',
  advice:
    'A status report of the provider decides it. Without one, look for the messages in the provider’s console. For one that is not there, `replay start --send-in-doubt` sends it.',
};

const notYetKnown: Failure = {
  class: 'unknown',
  code: 'owner-not-known-yet',
  message: 'The provider has such a message, and which delivery sent it is not known yet.',
};
