import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import type { QueueRecord, RecordResult } from '../../domain/queue.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { describeError } from './describe-error.ts';
import { lazy } from './lazy.ts';
import type { Observation } from './observe.ts';

/** A record that is to come back, and after how many seconds. */
type Hidden = { readonly receiptHandle: string; readonly seconds: number };

export type BatchProcessor = {
  readonly handle: (record: QueueRecord) => Promise<RecordResult>;
  /** Records handled at once. */
  readonly concurrency: number;
  /** Hides records of a queue. Best effort: without it the queue's own time-out counts. */
  readonly hide: (records: readonly Hidden[], queue: string) => Promise<boolean>;
  /**
   * Looks at a whole batch before any of it is handled, and may name another way to handle a record, by its
   * `messageId`. What it throws returns the batch.
   */
  readonly plan?: (
    records: readonly QueueRecord[],
  ) => Promise<ReadonlyMap<string, () => Promise<RecordResult>>>;
  /** Called once at the end of each batch; must not throw. */
  readonly after?: () => Promise<void>;
  /** Seconds before a record that met an error comes back, by how often it was received. */
  readonly retrySeconds: (receiveCount: number) => number;
};

/** A record is not begun when less than this is left of the invocation. */
const RESERVE_MS = 5000;

/**
 * Makes a Lambda handler of a record's logic: records at once, each on its own, the failed ones
 * reported one by one. A wiring that fails throws, and the whole batch comes back.
 */
export function sqsHandler(
  observe: Observation,
  build: () => Promise<BatchProcessor> | BatchProcessor,
  now: () => number = Date.now,
) {
  const processor = lazy(build);

  return async (
    event: SQSEvent,
    context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>,
  ): Promise<SQSBatchResponse> => {
    try {
      const { plan, handle, concurrency, hide, retrySeconds, after } = await processor();
      const again: { record: SQSRecord; seconds: number }[] = [];
      const received = (record: SQSRecord) =>
        toQueueRecord(record, now() + context.getRemainingTimeInMillis());
      const planned = await plan?.(event.Records.map(received));

      const workOn = async (record: SQSRecord): Promise<RecordResult> => {
        if (context.getRemainingTimeInMillis() < RESERVE_MS) return { kind: 'retry', seconds: 0 };
        try {
          const ownWay = planned?.get(record.messageId);
          return await (ownWay ? ownWay() : handle(received(record)));
        } catch (error) {
          observe.count('left_on_queue');
          observe.error('record left on its queue', {
            requestId: context.awsRequestId,
            ...(error instanceof Unavailable ? { dependency: error.dependency } : {}),
            error: describeError(error),
          });
          const receiveCount = Number(record.attributes.ApproximateReceiveCount);
          return { kind: 'retry', seconds: retrySeconds(receiveCount) };
        }
      };
      await pMap(
        event.Records,
        async (record) => {
          const result = await workOn(record);
          if (result.kind === 'retry') again.push({ record, seconds: result.seconds });
        },
        { concurrency },
      );

      const [first] = again;
      if (first !== undefined) {
        const records = again.map(({ record: { receiptHandle }, seconds }) => ({
          receiptHandle,
          seconds,
        }));
        // A batch comes from one queue.
        if (!(await hide(records, queueOf(first.record)))) observe.warn('visibility not changed');
      }
      await after?.();
      return {
        batchItemFailures: again.map(({ record }) => ({ itemIdentifier: record.messageId })),
      };
    } finally {
      observe.flush();
    }
  };
}

const queueOf = (record: SQSRecord): string => record.eventSourceARN.split(':').at(-1) ?? '';

function toQueueRecord(record: SQSRecord, deadline: number): QueueRecord {
  return {
    body: record.body,
    messageId: record.messageId,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    enqueuedAt: Number(record.attributes.SentTimestamp),
    deadline,
    queue: queueOf(record),
    attributes: Object.fromEntries(
      Object.entries(record.messageAttributes).flatMap(([name, { stringValue }]) =>
        stringValue === undefined ? [] : [[name, stringValue]],
      ),
    ),
  };
}
