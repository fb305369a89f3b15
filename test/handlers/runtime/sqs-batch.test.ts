import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { QueueRecord, RecordResult } from '../../../domain/queue.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { type BatchProcessor, sqsHandler } from '../../../handlers/runtime/sqs-batch.ts';
import { fakeObserve } from '../../fakes/observe.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:outbound';

const eventOf = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `id-${index}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: { failure: { dataType: 'String', stringValue: 'why' } },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'us-east-1',
  })),
});

function setUp(handle: (record: QueueRecord) => Promise<RecordResult>, overrides = {}) {
  const hidden: { receiptHandle: string; seconds: number; queue: string }[] = [];
  const observe = { ...fakeObserve(), flushes: 0, flush: () => {} };
  let remaining = 30_000;
  let hides = 0;
  const processor: BatchProcessor = {
    handle,
    concurrency: 10,
    hide: async (records, queue) => {
      hides += 1;
      hidden.push(...records.map((record) => ({ ...record, queue })));
      return true;
    },
    retrySeconds: (receiveCount) => receiveCount * 10,
    ...overrides,
  };
  const handler = sqsHandler(
    observe,
    () => processor,
    () => 1_000_000,
  );
  return {
    hidden,
    hides: () => hides,
    observe,
    setRemaining: (ms: number) => {
      remaining = ms;
    },
    run: (event: SQSEvent) =>
      handler(event, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => remaining }),
  };
}

const idsOf = (response: { batchItemFailures: { itemIdentifier: string }[] }) =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('a batch of records', () => {
  it('hides nothing when all of it is done', async () => {
    const { run, hides } = setUp(async () => ({ kind: 'done' }));
    await run(eventOf('a', 'b'));

    expect(hides()).toBe(0);
  });

  it('deletes what is done and brings back the rest, each after its own wait', async () => {
    const { run, hidden } = setUp(async ({ body }) =>
      body === 'later' ? { kind: 'retry', seconds: 42 } : { kind: 'done' },
    );

    expect(idsOf(await run(eventOf('a', 'later', 'b')))).toEqual(['id-1']);
    expect(hidden).toEqual([{ receiptHandle: 'receipt-1', seconds: 42, queue: 'outbound' }]);
  });

  it('does not let one bad record fail another', async () => {
    const { run, hidden, hides, observe } = setUp(async ({ body }) => {
      if (body === 'bad') throw new Unavailable('deliveries');
      return { kind: 'done' };
    });

    expect(idsOf(await run(eventOf('bad', 'good', 'bad')))).toEqual(['id-0', 'id-2']);
    expect(hidden.map(({ seconds }) => seconds)).toEqual([30, 30]);
    expect(hides()).toBe(1);
    expect(observe.lines[0]).toMatchObject({
      level: 'error',
      fields: { dependency: 'deliveries' },
    });
    expect(observe.counted('left_on_queue')).toBe(2);
  });

  it('handles records at once, up to the concurrency', async () => {
    let running = 0;
    let most = 0;
    const { run } = setUp(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return { kind: 'done' };
      },
      { concurrency: 4 },
    );
    await run(eventOf(...'abcdefghij'));

    expect(most).toBe(4);
  });

  it('begins no further record when its time is nearly up', async () => {
    const seen: string[] = [];
    const test = setUp(
      async ({ body }) => {
        seen.push(body);
        test.setRemaining(1000);
        return { kind: 'done' };
      },
      { concurrency: 1 },
    );

    expect(idsOf(await test.run(eventOf('a', 'b', 'c')))).toEqual(['id-1', 'id-2']);
    expect(seen).toEqual(['a']);
    expect(test.hidden.map(({ seconds }) => seconds)).toEqual([0, 0]);
  });

  it('tells the record its receive count, deadline, queue and attributes', async () => {
    const seen: QueueRecord[] = [];
    const { run } = setUp(async (record) => {
      seen.push(record);
      return { kind: 'done' };
    });
    await run(eventOf('a'));

    expect(seen).toEqual([
      {
        body: 'a',
        messageId: 'id-0',
        receiveCount: 3,
        enqueuedAt: 0,
        deadline: 1_030_000,
        queue: 'outbound',
        attributes: { failure: 'why' },
      },
    ]);
  });

  it('still reports its failures when the wait cannot be set', async () => {
    const { run, observe } = setUp(async () => ({ kind: 'retry', seconds: 5 }), {
      hide: async () => false,
    });

    expect(idsOf(await run(eventOf('a')))).toEqual(['id-0']);
    expect(observe.lines).toMatchObject([{ level: 'warn', message: 'visibility not changed' }]);
  });

  it('comes back whole when the function cannot be wired, and is wired anew the next time', async () => {
    let builds = 0;
    const observe = { ...fakeObserve(), flush: () => {} };
    const handler = sqsHandler(observe, () => {
      builds += 1;
      if (builds === 1) throw new Error('no configuration');
      return {
        handle: async () => ({ kind: 'done' as const }),
        concurrency: 1,
        hide: async () => true,
        retrySeconds: () => 1,
      };
    });
    const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 };

    await expect(handler(eventOf('a'), context)).rejects.toThrow('no configuration');
    expect(await handler(eventOf('a'), context)).toEqual({ batchItemFailures: [] });
  });
});
