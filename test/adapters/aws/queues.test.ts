import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll } from 'vitest';
import { deadLetters } from '../../../adapters/aws/dead-letters.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { failureSchema } from '../../../domain/failure.ts';
import { messageRequestSchema } from '../../../domain/outbound/message-request.ts';
import { deadLettersContract } from '../../contracts/dead-letters.contract.ts';
import { outboundQueueContract } from '../../contracts/outbound-queue.contract.ts';
import { startQueues } from '../../support/aws.ts';

let queues: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.close());

outboundQueueContract('SQS', async () => {
  const url = await queues.create();
  return {
    queue: outboundQueue(queues.client, url),
    drain: async () =>
      (await queues.drain(url)).map(({ Body = '' }) =>
        messageRequestSchema.parse(JSON.parse(Body)),
      ),
  };
});

const letterOf = ({ Body = '', MessageAttributes }: Message) => ({
  body: Body,
  failure: failureSchema.parse(JSON.parse(MessageAttributes?.failure?.StringValue ?? 'null')),
});

deadLettersContract('SQS', async () => {
  const url = await queues.create();
  return {
    deadLetters: deadLetters(queues.client, url),
    drain: async () => (await queues.drain(url)).map(letterOf),
  };
});
