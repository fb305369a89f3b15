import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../local/emulators/dynamodb.ts';
import type { StreamRecord, TableStream } from '../../local/emulators/dynamodb-streams.ts';
import { ensureTables } from '../../local/resources.ts';
import { startStreamSource } from '../../local/runner/stream-source.ts';
import type { StreamSourceResource } from '../../local/template/resources.ts';

const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/things/stream/local';
const table = {
  TableName: 'things',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  streamArn,
};

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function things(dataDir?: string) {
  const emulator = await startDynamoDb({ dataDir, streamed: [table] });
  const client = new DynamoDBClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    client.destroy();
    await emulator.close();
  };
  closers.push(close);
  await ensureTables(client, [table]);
  const documents = DynamoDBDocumentClient.from(client);
  const stream = emulator.streams.get('things');
  if (stream === undefined) throw new Error('The table has no stream.');
  return {
    documents,
    stream,
    close,
    put: (id: string, n: number) =>
      documents.send(new PutCommand({ TableName: 'things', Item: { id, n } })),
  };
}

async function everything(stream: TableStream): Promise<StreamRecord[]> {
  const shards = await stream.shards();
  const read = await Promise.all(
    shards.map(({ shardId }) => stream.read(shardId, undefined, 10_000)),
  );
  return read.flat();
}

const short = ({ eventName, keys, oldImage, newImage }: StreamRecord) => ({
  eventName,
  keys,
  oldImage,
  newImage,
});
const item = (id: string, n: number) => ({ id: { S: id }, n: { N: String(n) } });

describe('the stream of an embedded table', () => {
  it('has both images of every kind of write, and none of a write that changes nothing', async () => {
    const { documents, put, stream } = await things();
    await put('a', 1);
    await put('a', 1);
    const Key = { id: 'a' };
    await documents.send(
      new UpdateCommand({
        TableName: 'things',
        Key,
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
    await documents.send(new DeleteCommand({ TableName: 'things', Key }));
    await documents.send(
      new BatchWriteCommand({ RequestItems: { things: [{ PutRequest: { Item: { id: 'a' } } }] } }),
    );
    await expect(
      documents.send(
        new PutCommand({
          TableName: 'things',
          Item: { id: 'a', n: 9 },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      ),
    ).rejects.toThrow();

    const keys = { id: { S: 'a' } };
    expect((await everything(stream)).map(short)).toEqual([
      { eventName: 'INSERT', keys, newImage: item('a', 1) },
      { eventName: 'MODIFY', keys, oldImage: item('a', 1), newImage: item('a', 2) },
      { eventName: 'REMOVE', keys, oldImage: item('a', 2) },
      { eventName: 'INSERT', keys, newImage: { id: { S: 'a' } } },
    ]);
  });

  it('keeps all changes of an item in order, across shards that end and go on in children', async () => {
    const { put, stream } = await things();
    const seen = new Map<string, number[]>();
    const source = startStreamSource(mapping({ batchSize: 100 }), stream, {
      invoke: async (event) => {
        for (const { id, n } of changesIn(event)) seen.set(id, [...(seen.get(id) ?? []), n]);
      },
      discard: async () => {},
      warn: () => {},
      pollMs: 1,
    });
    closers.push(source.close);
    // More than a shard holds.
    const ids = [...'abcdefghijkl'];
    const writes = 400;
    for (let n = 0; n < writes; n += 1) await Promise.all(ids.map((id) => put(id, n)));
    await until(() => ids.every((id) => seen.get(id)?.length === writes));
    const shards = await stream.shards();
    expect(shards.some(({ parentShardId }) => parentShardId !== undefined)).toBe(true);
    for (const id of ids) expect(seen.get(id)).toEqual(Array.from({ length: writes }, (_, n) => n));
  });

  it('is there after a restart, up to where it was read', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'streams-'));
    closers.unshift(() => rm(dataDir, { recursive: true, force: true }));
    const first = await things(dataDir);
    await first.put('a', 1);
    await first.put('a', 2);
    const [shard] = await first.stream.shards();
    const [one] = await everything(first.stream);
    await first.stream.trim(shard?.shardId ?? '', one?.sequenceNumber);
    await first.close();

    const second = await things(dataDir);
    await second.put('a', 3);
    const read = await everything(second.stream);
    expect(read.map(({ newImage }) => newImage)).toEqual([item('a', 2), item('a', 3)]);
    expect(Number(read[0]?.sequenceNumber)).toBeLessThan(Number(read[1]?.sequenceNumber));
    const shards = await second.stream.shards();
    expect(shards.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(shards[1]?.parentShardId).toBe(shards[0]?.shardId);
  });
});

const mapping = (change: Partial<StreamSourceResource> = {}): StreamSourceResource => ({
  streamArn,
  functionArn: 'arn:f',
  batchSize: 10,
  windowSeconds: 0,
  tumblingSeconds: 0,
  maximumRetryAttempts: 2,
  maximumRecordAgeSeconds: -1,
  bisects: true,
  onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:failed',
  ...change,
});

type Event = { Records: { dynamodb: { NewImage: { id: { S: string }; n: { N: string } } } }[] };
const changesIn = (event: unknown) => {
  const { Records }: Event = JSON.parse(JSON.stringify(event));
  return Records.map(({ dynamodb: { NewImage } }) => ({
    id: NewImage.id.S,
    n: Number(NewImage.n.N),
  }));
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** A stream with one shard, in memory. */
function shardOf(count: number) {
  let records: StreamRecord[] = Array.from({ length: count }, (_, n) => ({
    eventName: 'INSERT',
    sequenceNumber: String(1000 + n),
    at: 1,
    keys: { id: { S: 'a' } },
    newImage: item('a', n),
    bytes: 10,
  }));
  const stream: TableStream = {
    arn: streamArn,
    shards: async () => [{ shardId: 'shard', parentShardId: undefined, isClosed: false }],
    read: async (_shardId, _after, limit) => records.slice(0, limit),
    trim: async (_shardId, upTo) => {
      records = records.filter(({ sequenceNumber }) => sequenceNumber > (upTo ?? ''));
    },
  };
  return { stream, left: () => records.length };
}

async function run(
  count: number,
  change: Partial<StreamSourceResource>,
  answer: (numbers: readonly number[], call: number) => unknown,
) {
  const { stream, left } = shardOf(count);
  const done: number[] = [];
  const notices: unknown[] = [];
  let calls = 0;
  const source = startStreamSource(mapping(change), stream, {
    invoke: async (event) => {
      const numbers = changesIn(event).map(({ n }) => n);
      calls += 1;
      const result = await answer(numbers, calls);
      done.push(...numbers);
      return result;
    },
    discard: async (notice) => void notices.push(notice),
    warn: () => {},
    pollMs: 1,
    retryMs: [0, 0],
  });
  await until(() => left() === 0);
  await source.close();
  return { done, notices, calls };
}

describe('the event source of a stream', () => {
  it('cuts a batch that fails in two until one record is left, and gives that one up', async () => {
    const { done, notices } = await run(10, {}, (numbers) => {
      if (numbers.includes(6)) throw new Error('poison');
    });
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 7, 8, 9]);
    expect(notices).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 3,
        }),
        DDBStreamBatchInfo: expect.objectContaining({
          shardId: 'shard',
          startSequenceNumber: '1006',
          endSequenceNumber: '1006',
          batchSize: 1,
        }),
      }),
    ]);
  });

  it('never lets a record pass another of its shard, whatever fails and how batches are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async (count, batchSize, fails) => {
          const { done, notices } = await run(
            count,
            { batchSize, maximumRetryAttempts: -1 },
            (_numbers, call) => {
              if (fails[call]) throw new Error('down');
            },
          );
          expect(done).toEqual(Array.from({ length: count }, (_, n) => n));
          expect(notices).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('carries the state of a tumbling window along, and names the shard', async () => {
    const events: unknown[] = [];
    const { stream, left } = shardOf(4);
    const source = startStreamSource(mapping({ batchSize: 2, tumblingSeconds: 900 }), stream, {
      invoke: async (event) => {
        events.push(event);
        return { state: { calls: events.length } };
      },
      discard: async () => {},
      warn: () => {},
      pollMs: 1,
    });
    await until(() => left() === 0);
    await source.close();
    expect(events).toEqual([
      expect.objectContaining({ shardId: 'shard', state: {}, isFinalInvokeForWindow: false }),
      expect.objectContaining({ shardId: 'shard', state: { calls: 1 } }),
    ]);
  });
});
