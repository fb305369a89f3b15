import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Stack } from '../../local/stack.ts';
import { accountId, region } from '../../local/template/intrinsics.ts';

/** Queues by their settings' names, and the function that Lambda feeds them to. */
const sources = {
  worker: ['outbound_queue_url', 'outbound_priority_queue_url', 'outbound_lanes_queue_url'],
  'ci360-injector': ['ci360_events_queue_url', 'ci360_replies_queue_url'],
  'dead-letter': ['outbound_dlq_url', 'outbound_lanes_dlq_url', 'ci360_events_dlq_url'],
} as const;

export type Pumped = { readonly invocations: number; readonly messages: number };

export type QueuePump = {
  /**
   * Hands over everything that is visible now, ten at a time, and no more once there were `enough`: those
   * that failed stay, and are visible again after a while.
   */
  readonly run: (functionKey: keyof typeof sources, enough?: number) => Promise<Pumped>;
  readonly close: () => void;
};

const responseSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});

export function queuePump(stack: Stack): QueuePump {
  const { AWS_ENDPOINT_URL_SQS: sqsUrl = '' } = stack.awsEnv;
  const client = new SQSClient({
    endpoint: sqsUrl,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  async function drain(functionKey: string, setting: string, enough: number): Promise<Pumped> {
    const name = stack.settings[setting]?.split('/').at(-1) ?? '';
    const QueueUrl = `${sqsUrl}/${accountId}/${name}`;
    let pumped: Pumped = { invocations: 0, messages: 0 };
    while (pumped.messages < enough) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return pumped;
      const answer = responseSchema.parse(
        await stack.invoke(functionKey, {
          Records: Messages.map((message) => toRecord(message, name)),
        }),
      );
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = Messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
      if (done.length > 0) {
        await client.send(
          new DeleteMessageBatchCommand({
            QueueUrl,
            Entries: done.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle })),
          }),
        );
      }
      pumped = {
        invocations: pumped.invocations + 1,
        messages: pumped.messages + Messages.length,
      };
    }
    return pumped;
  }

  return {
    run: async (functionKey, enough = Number.POSITIVE_INFINITY) => {
      const all: Pumped[] = [];
      for (const setting of sources[functionKey]) {
        all.push(await drain(functionKey, setting, enough));
      }
      return {
        invocations: all.reduce((sum, { invocations }) => sum + invocations, 0),
        messages: all.reduce((sum, { messages }) => sum + messages, 0),
      };
    },
    close: () => client.destroy(),
  };
}

const toRecord = (message: Message, queueName: string) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
      name,
      { stringValue: StringValue, dataType: DataType },
    ]),
  ),
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:${region}:${accountId}:${queueName}`,
  awsRegion: region,
});
