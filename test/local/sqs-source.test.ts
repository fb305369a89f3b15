import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { startSqs } from '../../local/emulators/sqs.ts';
import { ensureQueues } from '../../local/resources.ts';
import { startSqsSource } from '../../local/runner/sqs-source.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
const mapping = {
  queueArn,
  functionArn: 'arn:f',
  batchSize: 10,
  windowSeconds: 0,
  maximumConcurrency: 5,
  reportsItemFailures: true,
};

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function aQueue({
  dataDir,
  visibility = '1',
}: {
  dataDir?: string;
  visibility?: string;
} = {}) {
  const emulator = await startSqs({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: emulator.url, region: 'us-east-1', credentials });
  closers.push(emulator.close, () => sqs.destroy());
  await ensureQueues(sqs, [
    { name: 'q', arn: queueArn, attributes: { VisibilityTimeout: visibility } },
  ]);
  const QueueUrl = `${emulator.url}/000000000000/q`;
  return {
    sqs,
    QueueUrl,
    send: async (...bodies: string[]) => {
      const Entries = bodies.map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
        MessageAttributes: { failure: { DataType: 'String', StringValue: 'why' } },
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
    left: async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return (
        Number(Attributes?.ApproximateNumberOfMessages) +
        Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
      );
    },
  };
}

/** A function that answers each batch by `answer`; `seen` waits until so many records have come. */
function aFunction(answer: (event: SQSEvent, no: number) => unknown = () => undefined) {
  const events: SQSEvent[] = [];
  const waiting: (() => void)[] = [];
  return {
    events,
    invoke: async (event: unknown) => {
      const parsed: SQSEvent = JSON.parse(JSON.stringify(event));
      events.push(parsed);
      for (const check of waiting) check();
      return (await answer(parsed, events.length)) ?? null;
    },
    seen: (records: number) =>
      new Promise<void>((resolve) => {
        const check = () => events.flatMap((e) => e.Records).length >= records && resolve();
        waiting.push(check);
        check();
      }),
  };
}

describe('an event source', () => {
  it('hands records over as Lambda does, and deletes them', async () => {
    const queue = await aQueue();
    const { invoke, events, seen } = aFunction();
    await queue.send('one', 'two');
    const source = startSqsSource(mapping, queue.QueueUrl, queue.sqs, invoke, () => {});
    await seen(2);
    await source.close();
    expect(events[0]?.Records.map((record) => record.body)).toEqual(['one', 'two']);
    expect(events[0]?.Records[0]).toMatchObject({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) },
      messageAttributes: { failure: { stringValue: 'why', dataType: 'String' } },
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: 'us-east-1',
    });
    expect(await queue.left()).toBe(0);
  });

  it('leaves the records that the function names, to come back later', async () => {
    const queue = await aQueue();
    const { invoke, events, seen } = aFunction((event, no) => ({
      batchItemFailures:
        no === 1
          ? event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
              itemIdentifier: messageId,
            }))
          : [],
    }));
    await queue.send('good', 'bad');
    const source = startSqsSource(mapping, queue.QueueUrl, queue.sqs, invoke, () => {});
    await seen(3);
    await source.close();
    expect(
      events[1]?.Records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]),
    ).toEqual([['bad', '2']]);
    expect(await queue.left()).toBe(0);
  });

  it('leaves the whole batch when the function fails, and says so', async () => {
    const queue = await aQueue();
    const warnings: string[] = [];
    const { invoke, seen } = aFunction((_event, no) => {
      if (no === 1) throw new Error('crashed');
    });
    await queue.send('one', 'two');
    const source = startSqsSource(mapping, queue.QueueUrl, queue.sqs, invoke, (w) =>
      warnings.push(w),
    );
    await seen(4);
    await source.close();
    expect(warnings).toEqual(['A batch goes back to its queue: crashed']);
    expect(await queue.left()).toBe(0);
  });

  it('works on batches side by side, no more than its limit', async () => {
    const queue = await aQueue({ visibility: '30' });
    let running = 0;
    let most = 0;
    const { invoke, seen } = aFunction(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
    });
    for (let n = 0; n < 3; n += 1) await queue.send(...Array.from({ length: 10 }, () => 'x'));
    const two = { ...mapping, batchSize: 2, maximumConcurrency: 3 };
    const source = startSqsSource(two, queue.QueueUrl, queue.sqs, invoke, () => {});
    await seen(30);
    await source.close();
    expect(most).toBe(3);
    expect(await queue.left()).toBe(0);
  });

  it('fills a batch of more than ten within its window', async () => {
    const queue = await aQueue({ visibility: '30' });
    const { invoke, events, seen } = aFunction();
    await queue.send(...Array.from({ length: 10 }, () => 'x'));
    await queue.send(...Array.from({ length: 5 }, () => 'y'));
    const wide = { ...mapping, batchSize: 15, windowSeconds: 1 };
    const source = startSqsSource(wide, queue.QueueUrl, queue.sqs, invoke, () => {});
    await seen(15);
    await source.close();
    expect(events.map(({ Records }) => Records.length)).toEqual([15]);
  });

  it('closes only when what it took is done', async () => {
    const queue = await aQueue({ visibility: '30' });
    let finish = () => {};
    const { invoke, seen } = aFunction(() => new Promise<void>((resolve) => (finish = resolve)));
    await queue.send('one');
    const source = startSqsSource(mapping, queue.QueueUrl, queue.sqs, invoke, () => {});
    await seen(1);
    const closed = source.close();
    finish();
    await closed;
    expect(await queue.left()).toBe(0);
  });
});

describe('queues with a data directory', () => {
  it('keep their messages over a restart, and take changed attributes', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'queues-'));
    closers.push(() => rm(dataDir, { recursive: true }));
    const before = await aQueue({ dataDir });
    await before.send('kept');
    await closers.pop()?.();
    await closers.pop()?.();
    const after = await aQueue({ dataDir, visibility: '7' });
    const { Messages } = await after.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: after.QueueUrl }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['kept']);
    const { Attributes } = await after.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: after.QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes?.VisibilityTimeout).toBe('7');
  });
});
