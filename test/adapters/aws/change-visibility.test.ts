import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeVisibility } from '../../../adapters/aws/change-visibility.ts';
import { startQueues } from '../../support/aws.ts';

let queues: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.close());

async function received() {
  const url = await queues.create({ VisibilityTimeout: '600' });
  await queues.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));
  const { Messages } = await queues.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
  return { url, receipt: Messages?.[0]?.ReceiptHandle ?? '' };
}

describe('changing visibility', () => {
  it('gives a record back at once with 0 seconds', async () => {
    const { url, receipt } = await received();
    expect(await queues.drain(url)).toHaveLength(0);
    expect(await changeVisibility(queues.client, url)(receipt, 0)).toBe(true);
    expect(await queues.drain(url)).toHaveLength(1);
  });

  it.each([-5, 0.4, 50_000])('fits %d seconds to what the queue takes', async (seconds) => {
    const { url, receipt } = await received();
    expect(await changeVisibility(queues.client, url)(receipt, seconds)).toBe(true);
  });

  it('says so when the record is gone', async () => {
    const { url } = await received();
    expect(await changeVisibility(queues.client, url)('no such receipt', 5)).toBe(false);
  });
});
