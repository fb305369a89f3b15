import type { Clock } from '../clock.ts';
import { type Failure, failureSchema } from '../failure.ts';
import { parseJson } from '../json.ts';
import type { Observe } from '../observe.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import type { FailedRequest } from './failed-request.ts';
import type { FailedRequests } from './ports.ts';

/** One record of a dead-letter queue. */
export type DeadLetter = {
  readonly body: string;
  /** The id that its first queue gave it, which every copy of it carries. */
  readonly messageId: string;
  /** The attribute that the worker puts beside the body; absent when SQS moved the record by itself. */
  readonly failure: string | undefined;
};

/** What keeping a failed request of either kind needs. */
export type KeepDeps = {
  readonly failedRequests: Pick<FailedRequests, 'add' | 'get' | 'swap'>;
  readonly optOuts: Pick<OptOuts, 'stateOf'>;
  /** Seconds for which a failed request is kept. */
  readonly failedRequestTtlSeconds: number;
  readonly clock: Clock;
  readonly observe: Observe;
};

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
  deps: Pick<KeepDeps, 'failedRequests' | 'observe'>,
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

/** What cannot be read is kept by the queue's id for it, under its tenant where that much can be made out. */
export function poisonRow(
  letter: DeadLetter,
  kind: FailedRequest['kind'],
  deps: Pick<KeepDeps, 'clock' | 'failedRequestTtlSeconds'>,
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
  deps: Pick<KeepDeps, 'clock' | 'failedRequestTtlSeconds'>,
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
