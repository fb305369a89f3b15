import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { region } from '../template/intrinsics.ts';
import type { EventSourceResource } from '../template/resources.ts';

/**
 * Longest wait of one receive, in seconds. Short, because closing waits for it: a receive that is cut
 * off may already have taken a message, which nobody sees again until its visibility ends.
 */
const POLL_SECONDS = 1;

export type SqsSource = {
  /** Takes no more messages, and waits for those that are being worked on. */
  readonly close: () => Promise<void>;
};

const responseSchema = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
  })
  .nullable();

/**
 * Feeds a queue to a function as Lambda's event source mapping does: batches side by side up to the
 * concurrency limit, a batch's messages deleted once the function has answered, those it names (or
 * all, when it fails) left to come back when their visibility ends.
 */
export function startSqsSource(
  source: EventSourceResource,
  queueUrl: string,
  sqs: SQSClient,
  invoke: (event: unknown) => Promise<unknown>,
  warn: (sentence: string) => void,
): SqsSource {
  let open = true;
  const running = new Set<Promise<void>>();

  async function receive(most: number, waitSeconds: number): Promise<Message[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(most, 10),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  /** One batch: what one receive brings; with a window, what comes until it is full or the window ends. */
  async function nextBatch(): Promise<Message[]> {
    const batch = await receive(source.batchSize, POLL_SECONDS);
    if (source.windowSeconds === 0) return batch;
    const until = Date.now() + source.windowSeconds * 1000;
    while (open && batch.length > 0 && batch.length < source.batchSize) {
      const left = until - Date.now();
      const more = await receive(
        source.batchSize - batch.length,
        left <= 0 ? 0 : Math.min(POLL_SECONDS, Math.ceil(left / 1000)),
      );
      batch.push(...more);
      if (more.length === 0 && left <= 0) break;
    }
    return batch;
  }

  async function work(messages: readonly Message[]): Promise<void> {
    let failed: ReadonlySet<string>;
    try {
      const answer = responseSchema.parse(
        await invoke({ Records: messages.map((message) => toRecord(message, source.queueArn)) }),
      );
      failed = new Set(
        source.reportsItemFailures
          ? answer?.batchItemFailures?.map((failure) => failure.itemIdentifier)
          : [],
      );
    } catch (error) {
      warn(`A batch goes back to its queue: ${messageOf(error)}`);
      return;
    }
    const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
    for (let at = 0; at < done.length; at += 10) {
      const { Failed = [] } = await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: done
            .slice(at, at + 10)
            .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
      if (Failed.length > 0) warn(`${Failed.length} messages could not be deleted.`);
    }
  }

  async function poll(): Promise<void> {
    while (open) {
      try {
        if (running.size >= source.maximumConcurrency) {
          await Promise.race(running);
          continue;
        }
        const messages = await nextBatch();
        if (messages.length === 0) continue;
        const batch: Promise<void> = work(messages)
          .catch((error: unknown) => warn(messageOf(error)))
          .finally(() => running.delete(batch));
        running.add(batch);
      } catch (error) {
        // The queue is away; the endpoint may be the user's own. Once a second is enough.
        if (open) warn(`The queue cannot be read: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  const polling = poll();
  return {
    close: async () => {
      open = false;
      await polling;
      await Promise.all(running);
    },
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function toRecord(message: Message, queueArn: string) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
        name,
        {
          stringValue: attribute.StringValue,
          ...(attribute.BinaryValue
            ? { binaryValue: Buffer.from(attribute.BinaryValue).toString('base64') }
            : {}),
          stringListValues: [],
          binaryListValues: [],
          dataType: attribute.DataType,
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes
      ? { md5OfMessageAttributes: message.MD5OfMessageAttributes }
      : {}),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}
