import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeVisibility } from '../../../adapters/aws/change-visibility.ts';
import { startQueues } from '../../support/aws.ts';

let queues: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.close());

async function received(count = 1) {
  const url = await queues.create({ VisibilityTimeout: '600' });
  const receipts: string[] = [];
  for (let at = 0; at < count; at += 1) {
    await queues.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `no ${at}` }));
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: url }),
    );
    receipts.push(...Messages.flatMap(({ ReceiptHandle }) => ReceiptHandle ?? []));
  }
  const hide = changeVisibility(queues.client, url);
  return {
    url,
    hide: (seconds: number, handles = receipts) =>
      hide(handles.map((receiptHandle) => ({ receiptHandle, seconds }))),
    receipts,
  };
}

describe('changing visibility', () => {
  it('gives a record back at once with 0 seconds', async () => {
    const { url, hide } = await received();
    expect(await queues.drain(url)).toHaveLength(0);
    expect(await hide(0)).toBe(true);
    expect(await queues.drain(url)).toHaveLength(1);
  });

  it('gives back more records than one call takes', async () => {
    const { url, hide } = await received(23);
    expect(await hide(0)).toBe(true);
    expect(await queues.drain(url)).toHaveLength(23);
  });

  it.each([-5, 0.4, 50_000])('fits %d seconds to what the queue takes', async (seconds) => {
    const { hide } = await received();
    expect(await hide(seconds)).toBe(true);
  });

  it('says so when a record is gone, and hides the others all the same', async () => {
    const { url, hide, receipts } = await received(2);
    expect(await hide(0, ['no such receipt', ...receipts])).toBe(false);
    expect(await queues.drain(url)).toHaveLength(2);
  });
});
