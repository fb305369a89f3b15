import type { Clock } from '../clock.ts';
import { parseJson } from '../json.ts';
import type { Observe } from '../observe.ts';
import {
  deliveryIdOf,
  type MessageRequest,
  messageRequestSchema,
  tenantIdSchema,
} from '../outbound/message-request.ts';
import { type Delivery, keptForReplay } from './delivery.ts';
import type { FailedRequest } from './failed-request.ts';
import type { FailedRequests } from './failed-requests.ts';
import { type Failure, failureSchema } from './failure.ts';
import type { Deliveries } from './ports.ts';
import { resolveFailedRequest } from './resolve.ts';
import { isAtProvider } from './status-rank.ts';

export type DeadLetterDeps = {
  readonly failedRequests: Pick<FailedRequests, 'add' | 'get' | 'swap'>;
  readonly deliveries: Deliveries;
  /** Seconds for which a failed request is kept. */
  readonly failedRequestTtlSeconds: number;
  readonly clock: Clock;
  readonly observe: Observe;
};

/** One record of a dead-letter queue. */
export type DeadLetter = {
  readonly body: string;
  /** The id that its first queue gave it, which every copy of it carries. */
  readonly messageId: string;
  /** The attribute that the worker puts beside the body; absent when SQS moved the record by itself. */
  readonly failure: string | undefined;
};

/** What a dead letter comes to; `wait` leaves it on its queue. */
export type DeadLetterResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; seconds: number };

/**
 * Keeps a dead letter of the outbound queue as a failed request: the only way into the table.
 * Idempotent by guid. A record that SQS moved by itself carries no reason; the delivery gives it.
 */
export async function keepDeadMessage(
  letter: DeadLetter,
  deps: DeadLetterDeps,
): Promise<DeadLetterResult> {
  const parsed = messageRequestSchema.safeParse(parseJson(letter.body));
  if (!parsed.success) {
    await keep(poisonRow(letter, 'message', deps), 0, deps);
    return { kind: 'done' };
  }
  const request = parsed.data;
  const delivery = await deps.deliveries.get(deliveryIdOf(request));
  const handedOver = readFailure(letter.failure);

  if (delivery && isAtProvider(delivery.status)) {
    // A callback has told meanwhile that it was sent after all.
    await resolveFailedRequest(request, deps.failedRequests);
    return { kind: 'done' };
  }
  if (handedOver === undefined && delivery !== undefined) {
    const settled = await settleRedriven(delivery, deps);
    if (settled !== undefined) return settled;
  }
  const failure = handedOver ?? delivery?.lastError ?? redriven(delivery);
  await keep(
    messageRow(request, letter.body, failure, delivery, deps),
    request.replay?.no ?? 0,
    deps,
  );
  return { kind: 'done' };
}

/** The reason that travelled with a record; undefined where there is none that can be read. */
export function readFailure(attribute: string | undefined): Failure | undefined {
  if (attribute === undefined) return undefined;
  const parsed = failureSchema.safeParse(parseJson(attribute));
  return parsed.success ? parsed.data : undefined;
}

/**
 * Adds a row, or returns a replayed one to `failed` with its new reason. A late copy of an earlier
 * replay finds a newer count and changes nothing.
 */
export async function keep(
  row: FailedRequest,
  replayNo: number,
  deps: Pick<DeadLetterDeps, 'failedRequests' | 'observe'>,
): Promise<void> {
  const { failedRequests, observe } = deps;
  // A replayed one has its row already: trying to add it would be a write for nothing.
  const replayed = replayNo > 0 ? await failedRequests.get(row.guid, row.tenantId) : undefined;
  if (replayed || (await failedRequests.add({ ...row, replays: replayNo })) === 'exists') {
    const current = replayed ?? (await failedRequests.get(row.guid, row.tenantId));
    if (current?.status !== 'replaying' || current.replays !== replayNo) return;
    const again: FailedRequest = {
      ...row,
      // A guid that another tenant used first is kept under a key of its own.
      guid: current.guid,
      replays: current.replays,
      ...(current.replayId === undefined ? {} : { replayId: current.replayId }),
    };
    if (!(await failedRequests.swap(current, again))) return;
  }
  observe.count('dead_lettered', { class: row.errorClass });
  observe.warn('kept as a failed request', {
    tenantId: row.tenantId,
    guid: row.guid,
    class: row.errorClass,
    code: row.errorCode,
  });
}

/**
 * A record that killed its worker leaves a delivery that nobody will work on: it is marked failed, or
 * waited for while a copy of it is still being worked on. Undefined once it may be kept.
 */
async function settleRedriven(
  delivery: Delivery,
  deps: DeadLetterDeps,
): Promise<DeadLetterResult | undefined> {
  if (delivery.status === 'failed' || delivery.status === 'expired') return undefined;
  const now = deps.clock();
  if (delivery.lease && delivery.lease.until > now) {
    return { kind: 'wait', seconds: Math.ceil((delivery.lease.until - now) / 1000) };
  }
  const { lease, ...rest } = delivery;
  const failed: Delivery = {
    ...rest,
    ...(lease ? { doubt: { from: delivery.doubt?.from ?? lease.since, to: lease.until } } : {}),
    status: 'failed',
    version: delivery.version + 1,
    lastError: delivery.lastError ?? redriven(delivery),
    updatedAt: now,
  };
  const stored = await deps.deliveries.swap(
    keptForReplay(failed, now, deps.failedRequestTtlSeconds),
  );
  return stored ? undefined : { kind: 'wait', seconds: 1 };
}

const redriven = (delivery: Delivery | undefined): Failure => ({
  class: delivery?.lease || delivery?.doubt ? 'unknown' : 'transient',
  code: 'redriven',
  message: 'The record was received as often as its queue allows, without an outcome.',
  advice: 'Look at the errors of the worker around that time; then replay it.',
});

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

/** What cannot be read is kept by the queue's id for it, under its tenant where that much can be made out. */
export function poisonRow(
  letter: DeadLetter,
  kind: FailedRequest['kind'],
  deps: Pick<DeadLetterDeps, 'clock' | 'failedRequestTtlSeconds'>,
): FailedRequest {
  const failure = readFailure(letter.failure) ?? {
    class: 'poison' as const,
    code: 'unreadable',
    message: `The record is not a request of kind ${kind}.`,
    advice: 'Find out what writes to its queue; this record cannot be replayed.',
  };
  const body = parseJson(letter.body);
  const claimed =
    typeof body === 'object' && body !== null && 'tenantId' in body ? body.tenantId : undefined;
  const tenantId = tenantIdSchema.safeParse(claimed);
  return {
    ...rowOf(failure, letter.body, deps),
    guid: `poison-${letter.messageId}`,
    tenantId: tenantId.success ? tenantId.data : 'unknown',
    kind,
    provider: 'unknown',
    channel: 'unknown',
    generatedTimestamp: new Date(deps.clock()).toISOString(),
    attempts: 0,
    taskId: '',
    sender: '',
  };
}

/** The columns that every kind of failed request fills alike. */
export function rowOf(
  failure: Failure,
  body: string,
  deps: Pick<DeadLetterDeps, 'clock' | 'failedRequestTtlSeconds'>,
) {
  const now = deps.clock();
  return {
    status: 'failed' as const,
    eventBody: body,
    insertTs: new Date(now).toISOString(),
    ...(failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus }),
    errorCode: failure.code,
    errorClass: failure.class,
    errorMessage: failure.message,
    ...(failure.advice === undefined ? {} : { advice: failure.advice }),
    replays: 0,
    expireTs: Math.ceil(now / 1000) + deps.failedRequestTtlSeconds,
  };
}
