import type { Failure } from '../failure.ts';
import { parseJson } from '../json.ts';
import { type MessageRequest, messageRequestSchema } from '../outbound/message-request.ts';
import type { RecordResult } from '../queue.ts';
import { countSending } from '../tenant/tenant-health.ts';
import { attempt } from './attempt.ts';
import { fullJitter } from './backoff.ts';
import { claimDelivery, settleDelivery } from './claim-and-settle.ts';
import type { DeliverDeps, OutboundRecord } from './deliver-deps.ts';
import { erased } from './erased.ts';
import type { Disposition, Ending } from './settle.ts';

/**
 * What the worker does with one record: claim, send, settle (see the design of the claim in
 * `claim.ts` and of the endings in `settle.ts`). Resolves to whether the record is done with.
 * Rejects only when a part that it depends on is down; the record then stays on its queue.
 */
export async function deliver(
  record: OutboundRecord,
  deps: DeliverDeps,
): Promise<Extract<Disposition, RecordResult>> {
  const parsed = messageRequestSchema.safeParse(parseJson(record.body));
  if (!parsed.success) {
    const failure = {
      class: 'poison',
      code: 'unreadable',
      message: `The record is not a message request: ${parsed.error.issues[0]?.path.join('.') || 'no JSON object'}.`,
      advice: 'Find out what writes to the outbound queue; this record cannot be replayed.',
    } as const;
    await deps.deadLetters.handOver(record.body, undefined, failure, record.messageId);
    deps.observe.count('failed', { class: 'poison' });
    return { kind: 'done' };
  }
  const request = parsed.data;
  const log = { tenantId: request.tenantId, guid: request.guid, provider: request.provider };

  const claim = await claimDelivery(request, record, deps);
  switch (claim.kind) {
    case 'wait':
      return { kind: 'retry', seconds: claim.seconds };
    case 'superseded':
      deps.observe.count('duplicate');
      deps.observe.info('dropped a copy that is older than the latest replay', log);
      return { kind: 'done' };
    case 'sent':
      return skipSent(request, record, deps);
    case 'failed':
      if (claim.failure.code === erased.code) return { kind: 'done' };
      await deps.deadLetters.handOver(record.body, request.tenantId, claim.failure);
      return { kind: 'done' };
    case 'taken':
      break;
  }

  const { ending, delivery } = await attempt(request, claim.delivery, record, deps);
  const [disposition, isRemembered] = await Promise.all([
    settleDelivery(delivery, ending, record, deps),
    remember(request, ending, deps),
  ]);
  // A callback was faster than an answer that never came, or was not clear.
  const isKnown =
    disposition.kind === 'done' && ending.kind !== 'accepted'
      ? await rememberIdentity(request, deps)
      : isRemembered;
  report(request, ending, disposition, deps);

  if (disposition.kind === 'held') return { kind: 'done' };
  if (disposition.kind === 'dropped') {
    await deps.resolveFailedRequest(request);
    return { kind: 'done' };
  }
  if (disposition.kind === 'hand-over') {
    await deps.deadLetters.handOver(record.body, request.tenantId, disposition.failure);
    return { kind: 'done' };
  }
  if (disposition.kind === 'done') {
    await deps.resolveFailedRequest(request);
    if (!isKnown) return untilRemembered(record, deps) ?? disposition;
  }
  return disposition;
}

/** Ends a record whose message was sent; first notes the recipient if this record may have sent it. */
async function skipSent(
  request: MessageRequest,
  record: OutboundRecord,
  deps: DeliverDeps,
): Promise<RecordResult> {
  if (mayBeItsOwn(request, record) && !(await rememberIdentity(request, deps))) {
    const again = untilRemembered(record, deps);
    if (again) return again;
  }
  await deps.resolveFailedRequest(request);
  deps.observe.count('duplicate');
  const { tenantId, guid, provider } = request;
  deps.observe.info('skipped a copy of a message that was sent', { tenantId, guid, provider });
  return { kind: 'done' };
}

/** Receives after which a person is given up: the retries of an hour and more. */
const MOST_RECEIVES_TO_REMEMBER = 20;

/**
 * Leaves the record of a message that was sent on its queue, so that the person is noted when it comes
 * back: it finds the message sent and sends nothing. Undefined once that was tried often enough.
 */
function untilRemembered(
  { receiveCount }: OutboundRecord,
  { policy }: DeliverDeps,
): { kind: 'retry'; seconds: number } | undefined {
  if (receiveCount >= MOST_RECEIVES_TO_REMEMBER) return undefined;
  return { kind: 'retry', seconds: fullJitter(policy.backoff, receiveCount - 1, policy.random) };
}

/**
 * Whether a record that finds its message sent may have sent it itself: its worker died or had no answer,
 * and a callback reported it. The recipient is not recorded yet. A mere copy is given out for the first time.
 */
const mayBeItsOwn = (request: MessageRequest, { receiveCount }: OutboundRecord): boolean =>
  receiveCount > 1 || request.replay !== undefined;

/** What an answer says about the person; false when it could not be stored. Never holds the settling up. */
async function remember(
  request: MessageRequest,
  ending: Ending,
  deps: DeliverDeps,
): Promise<boolean> {
  if (ending.kind === 'rejected') await rememberOptOut(request, ending.failure, deps);
  return ending.kind === 'accepted' ? rememberIdentity(request, deps) : true;
}

/** Records whom the message was for, so that a reply finds its person; false when that could not be stored. */
async function rememberIdentity(request: MessageRequest, deps: DeliverDeps): Promise<boolean> {
  // The answer to a reply is for a person whom CI360 did not name.
  if (request.identityId === '') return true;
  try {
    await deps.identities?.remember(request.to, request.tenantId, request.identityId);
    return true;
  } catch {
    deps.observe.warn('identity not remembered', {
      tenantId: request.tenantId,
      guid: request.guid,
    });
    return false;
  }
}

/** The provider would refuse the next message from this sender too, so losing this costs a call each and never a message. */
async function rememberOptOut(
  request: MessageRequest,
  failure: Failure,
  deps: DeliverDeps,
): Promise<void> {
  if (failure.class !== 'opted-out') return;
  const source = `${request.provider}:${failure.code}`;
  try {
    await deps.optOuts.noteRefusal(request.tenantId, request.to, source, deps.clock());
    deps.observe.count('opted_out', { provider: request.provider });
  } catch {
    deps.observe.warn('opt-out not recorded', { tenantId: request.tenantId, guid: request.guid });
  }
}

function report(
  request: MessageRequest,
  ending: Ending,
  disposition: Disposition,
  deps: DeliverDeps,
): void {
  const { observe } = deps;
  const log = { tenantId: request.tenantId, guid: request.guid, provider: request.provider };
  if (disposition.kind === 'hand-over') {
    observe.count('failed', { class: disposition.failure.class });
    // What a person or an operator wanted is no fault.
    if (!isWanted(disposition.failure)) countSending(observe, request.tenantId, 'failed');
    observe.warn('not sent', {
      ...log,
      class: disposition.failure.class,
      code: disposition.failure.code,
    });
  } else if (disposition.kind === 'done') {
    // Accepted, or a callback was faster than the answer.
    observe.count('sent');
    countSending(observe, request.tenantId, 'sent');
    observe.count('age_at_send_seconds', {}, (deps.clock() - request.generatedAt) / 1000);
    observe.info('sent', log);
  } else if (disposition.kind === 'dropped') {
    observe.count('failed', { class: erased.class });
    observe.info('dropped: the person was erased', log);
  } else if (disposition.kind === 'held') {
    const reason = ending.kind === 'held' ? ending.hold.reason : '';
    observe.count('held', { reason });
    observe.info('held', { ...log, code: reason });
  } else {
    const code = 'failure' in ending ? ending.failure.code : '';
    observe.count(ending.kind === 'unknown' ? 'unknown' : 'retried');
    observe.warn('will be tried again', {
      ...log,
      status: ending.kind,
      code,
      seconds: disposition.seconds,
    });
  }
}

const isWanted = ({ class: failureClass }: Failure): boolean =>
  failureClass === 'opted-out' || failureClass === 'stopped';
