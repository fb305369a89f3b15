import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { StreamRecord, TableStream } from '../emulators/dynamodb-streams.ts';
import { region } from '../template/intrinsics.ts';
import type { StreamSourceResource } from '../template/resources.ts';
import { InvocationFailed } from './function-host.ts';

export type StreamSource = {
  /** Takes no more records and waits for the batches that are being worked on. */
  readonly close: () => Promise<void>;
};

type Parts = {
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Tells the failure destination of a batch that is given up, without its records, as Lambda does. */
  readonly discard: (notice: object) => Promise<void>;
  readonly warn: (sentence: string) => void;
  /** Lambda looks for records four times a second. */
  readonly pollMs?: number;
  /** First and longest wait before a batch is tried again. */
  readonly retryMs?: readonly [first: number, longest: number];
};

/** What Lambda hands to a function at once. */
const PAYLOAD_BYTES = 6 * 1024 * 1024;

const answerSchema = z.object({ state: z.record(z.string(), z.unknown()) });

/** Thrown through a batch that is cut off because the source closes: its records are given out again. */
class Closing extends Error {
  readonly code = 'closing';
}

/**
 * Feeds a table's stream to a function as Lambda's event source mapping does: one batch of a shard at a
 * time, parents before their children; a batch that fails is cut in two (`bisects`) and tried again until
 * it is done or given up, and nothing of the shard passes it meanwhile. Records are forgotten only once
 * the whole batch is done, so a stack that dies in between gives them out again.
 */
export function startStreamSource(
  source: StreamSourceResource,
  stream: TableStream,
  { invoke, discard, warn, pollMs = 250, retryMs = [200, 5000] }: Parts,
): StreamSource {
  const closing = new AbortController();
  const { signal } = closing;
  const running = new Map<string, Promise<void>>();

  const wait = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => undefined);

  /** The next batch, once it is full or its first record has waited for the window. */
  async function nextBatch(shardId: string): Promise<readonly StreamRecord[]> {
    let until: number | undefined;
    for (;;) {
      const records = withinPayload(await stream.read(shardId, undefined, source.batchSize));
      const isFull = records.length === source.batchSize;
      if (records.length === 0 || isFull || source.windowSeconds === 0) return records;
      until ??= Date.now() + source.windowSeconds * 1000;
      if (Date.now() >= until || signal.aborted) return records;
      await wait(Math.min(pollMs, until - Date.now()));
    }
  }

  async function work(shardId: string): Promise<void> {
    const windows = tumbling(source, shardId, invoke);
    for (;;) {
      const isClosed = (await stream.shards()).every(
        (shard) => shard.shardId !== shardId || shard.isClosed,
      );
      const records = await nextBatch(shardId);
      if (signal.aborted) return;
      if (records.length === 0) {
        await windows.end(isClosed);
        // Looked at before the read, so that nothing was added between the two.
        if (isClosed) return stream.trim(shardId, undefined);
        await wait(pollMs);
        continue;
      }
      await process(shardId, records, windows.invoke);
      await stream.trim(shardId, records.at(-1)?.sequenceNumber);
    }
  }

  async function process(
    shardId: string,
    records: readonly StreamRecord[],
    call: (records: readonly object[]) => Promise<void>,
  ): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      if (signal.aborted) throw new Closing();
      try {
        return await call(records.map((record) => toRecord(record, source.streamArn)));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        if (source.bisects && records.length > 1) {
          const middle = Math.ceil(records.length / 2);
          await process(shardId, records.slice(0, middle), call);
          await process(shardId, records.slice(middle), call);
          return;
        }
        const condition = givenUp(source, records, attempt);
        if (condition !== undefined) {
          warn(`A batch of the stream is given up (${condition}): ${why}`);
          await discard(noticeOf(source, shardId, records, { condition, attempt }));
          return;
        }
      }
      await wait(Math.min(retryMs[0] * 2 ** attempt, retryMs[1]));
    }
  }

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      const shards = await stream.shards();
      const known = new Set(shards.map(({ shardId }) => shardId));
      for (const { shardId, parentShardId } of shards) {
        const waitsForParent = parentShardId !== undefined && known.has(parentShardId);
        if (running.has(shardId) || waitsForParent) continue;
        const reading = work(shardId)
          .catch((error: unknown) => {
            if (!(error instanceof Closing)) warn(`A shard cannot be read: ${String(error)}`);
          })
          .finally(() => running.delete(shardId));
        running.set(shardId, reading);
      }
      await wait(pollMs);
    }
  }

  const polling = poll();
  return {
    close: async () => {
      closing.abort();
      await polling;
      await Promise.all(running.values());
    },
  };
}

function withinPayload(records: readonly StreamRecord[]): readonly StreamRecord[] {
  let bytes = 0;
  const fitting = records.findIndex((record, at) => {
    // In JSON, with the names of types, an image takes about twice what the table counts.
    bytes += record.bytes * 2;
    return at > 0 && bytes > PAYLOAD_BYTES;
  });
  return fitting === -1 ? records : records.slice(0, fitting);
}

/** Why a record that failed so often is not tried again, in Lambda's words; undefined when it is. */
function givenUp(
  { maximumRetryAttempts, maximumRecordAgeSeconds }: StreamSourceResource,
  [first]: readonly StreamRecord[],
  attempt: number,
): string | undefined {
  if (maximumRetryAttempts >= 0 && attempt >= maximumRetryAttempts) return 'RetryAttemptsExhausted';
  const age = Date.now() / 1000 - (first?.at ?? 0);
  return maximumRecordAgeSeconds >= 0 && age > maximumRecordAgeSeconds
    ? 'RecordAgeExceeded'
    : undefined;
}

/**
 * Calls the function with its window's state; without windows, with the records alone. When a window is
 * over the function is called once more, without records, and its state is dropped.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
 */
function tumbling(
  { tumblingSeconds, streamArn }: StreamSourceResource,
  shardId: string,
  invoke: Parts['invoke'],
) {
  let current: { readonly start: number; state: Record<string, unknown> } | undefined;
  const lengthMs = tumblingSeconds * 1000;
  const startNow = () => Math.floor(Date.now() / lengthMs) * lengthMs;
  const event = (Records: readonly object[], isFinal: boolean) => ({
    Records,
    ...(current === undefined
      ? {}
      : {
          window: {
            start: new Date(current.start).toISOString(),
            end: new Date(current.start + lengthMs).toISOString(),
          },
          state: current.state,
          shardId,
          eventSourceARN: streamArn,
          isFinalInvokeForWindow: isFinal,
          isWindowTerminatedEarly: false,
        }),
  });
  const end = async (now: boolean): Promise<void> => {
    if (current === undefined || (!now && current.start === startNow())) return;
    await invoke(event([], true));
    current = undefined;
  };
  return {
    end,
    invoke: async (records: readonly object[]): Promise<void> => {
      if (lengthMs === 0) {
        await invoke({ Records: records });
        return;
      }
      await end(false);
      current ??= { start: startNow(), state: {} };
      const answer = answerSchema.safeParse(await invoke(event(records, false)));
      if (!answer.success) {
        throw new InvocationFailed('InvalidResponse', 'The function did not answer with a state.');
      }
      current.state = answer.data.state;
    },
  };
}

const toRecord = (record: StreamRecord, streamArn: string) => ({
  eventID: randomUUID().replaceAll('-', ''),
  eventName: record.eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  dynamodb: {
    ApproximateCreationDateTime: record.at,
    Keys: record.keys,
    ...(record.newImage === undefined ? {} : { NewImage: record.newImage }),
    ...(record.oldImage === undefined ? {} : { OldImage: record.oldImage }),
    SequenceNumber: record.sequenceNumber,
    SizeBytes: record.bytes,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
  eventSourceARN: streamArn,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
function noticeOf(
  { functionArn, streamArn }: StreamSourceResource,
  shardId: string,
  records: readonly StreamRecord[],
  { condition, attempt }: { readonly condition: string; readonly attempt: number },
) {
  const [first, last] = [records[0], records.at(-1)];
  const iso = (seconds = 0) => new Date(seconds * 1000).toISOString();
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: attempt + 1,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: iso(first?.at),
      approximateArrivalOfLastRecord: iso(last?.at),
      batchSize: records.length,
      streamArn,
    },
  };
}
