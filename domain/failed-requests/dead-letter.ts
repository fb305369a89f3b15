import { isSuperseded } from '../delivery/claim.ts';
import { type Delivery, keptForReplay } from '../delivery/delivery.ts';
import { inDoubtAfter } from '../delivery/doubt.ts';
import type { Deliveries } from '../delivery/ports.ts';
import { isAtProvider } from '../delivery/status-rank.ts';
import type { Failure } from '../failure.ts';
import { parseJson } from '../json.ts';
import {
  deliveryIdOf,
  type MessageRequest,
  messageRequestSchema,
} from '../outbound/message-request.ts';
import type { RecordResult } from '../queue.ts';
import { eraseIfErased } from './erase.ts';
import type { FailedRequest } from './failed-request.ts';
import { resolveFailedRequest } from './resolve.ts';
import { type DeadLetter, type KeepDeps, keep, poisonRow, readFailure, rowOf } from './store.ts';

export type DeadLetterDeps = KeepDeps & { readonly deliveries: Deliveries };

/**
 * Keeps a dead letter of the outbound queue as a failed request: the only way into the table.
 * Idempotent by guid. A record that SQS moved by itself carries no reason; the delivery gives it.
 */
export async function keepDeadMessage(
  letter: DeadLetter,
  deps: DeadLetterDeps,
): Promise<RecordResult> {
  const parsed = messageRequestSchema.safeParse(parseJson(letter.body));
  if (!parsed.success) {
    await keep(poisonRow(letter, 'message', deps), 0, deps);
    return { kind: 'done' };
  }
  const request = parsed.data;
  const delivery = await deps.deliveries.get(deliveryIdOf(request));
  const handedOver = readFailure(letter.failure);

  if (delivery && isAtProvider(delivery.status)) {
    // A callback reported meanwhile that it was sent after all.
    await resolveFailedRequest(request, deps.failedRequests);
    return { kind: 'done' };
  }
  if (delivery && isSuperseded(delivery, request)) {
    // A later replay owns the delivery and its failed request: this copy may change neither.
    return { kind: 'done' };
  }
  if (handedOver === undefined && delivery !== undefined) {
    const settled = await settleRedriven(delivery, deps);
    if (settled !== undefined) return settled;
  }
  const failure = handedOver ?? redriven(delivery);
  await keep(
    messageRow(request, letter.body, failure, delivery, deps),
    request.replay?.no ?? 0,
    deps,
  );
  const { guid, tenantId, to: address, acceptedAt } = request;
  await eraseIfErased({ guid, tenantId, address, acceptedAt }, deps);
  return { kind: 'done' };
}

/**
 * A record that killed its worker leaves a delivery that nobody will work on: it is marked failed, or
 * waited for while a copy of it is still being worked on. Undefined once it may be kept.
 */
async function settleRedriven(
  delivery: Delivery,
  deps: DeadLetterDeps,
): Promise<RecordResult | undefined> {
  if (delivery.status === 'failed' || delivery.status === 'expired') return undefined;
  const now = deps.clock();
  if (delivery.lease && delivery.lease.until > now) {
    return { kind: 'retry', seconds: Math.ceil((delivery.lease.until - now) / 1000) };
  }
  const { lease: _over, ...rest } = delivery;
  const doubt = inDoubtAfter(delivery);
  const failed: Delivery = {
    ...rest,
    ...(doubt ? { doubt } : {}),
    status: 'failed',
    version: delivery.version + 1,
    lastError: redriven(delivery),
    updatedAt: now,
  };
  const stored = await deps.deliveries.swap(
    keptForReplay(failed, now, deps.failedRequestTtlSeconds),
  );
  return stored ? undefined : { kind: 'retry', seconds: 1 };
}

/**
 * The reason of a record that came without one: what the delivery says, in class `unknown` while the
 * provider may have the message, so that nobody takes it for certainly not sent.
 */
function redriven(delivery: Delivery | undefined): Failure {
  const isInDoubt = delivery !== undefined && inDoubtAfter(delivery) !== undefined;
  const last = delivery?.lastError ?? noOutcome;
  return isInDoubt ? { ...last, class: 'unknown' } : last;
}

const noOutcome: Failure = {
  class: 'transient',
  code: 'redriven',
  message: 'The record was received as often as its queue allows, without an outcome.',
  advice: 'Look at the errors of the worker around that time; then replay it.',
};

function messageRow(
  request: MessageRequest,
  body: string,
  failure: Failure,
  delivery: Delivery | undefined,
  deps: DeadLetterDeps,
): FailedRequest {
  return {
    ...rowOf(failure, body, deps),
    guid: request.guid,
    tenantId: request.tenantId,
    kind: 'message',
    provider: request.provider,
    channel: request.channel,
    generatedTimestamp: new Date(request.generatedAt).toISOString(),
    attempts: delivery?.attempts ?? 0,
    taskId: request.taskId,
    sender: request.from,
  };
}
