import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { type EnqueueResult, TooLarge } from '../../domain/outbound/ports.ts';
import { asciiJson } from './ascii-json.ts';
import { batchesOf } from './batches.ts';
import { orUnavailable } from './or-unavailable.ts';

/** The most that one message, or all messages of a batch together, may hold: SQS quota, 1 MiB. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10;
/** Entries that the queue refused for its own reasons are sent again at once; a caller may do so later. */
const ROUNDS = 3;
const CONCURRENT_BATCHES = 4;

type SendOptions = {
  /** 0 to 900. */
  readonly delaySeconds?: number;
  /** String attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Instead of the group that the queue gives it. */
  readonly group?: string;
  /** For a FIFO queue: it takes a message of this id once in five minutes. */
  readonly deduplicationId?: string;
};

/** One value on its way. */
type QueuedValue<T> = SendOptions & { readonly value: T };

export type JsonQueue<T> = {
  /** Resolves when the queue has confirmed it; throws `TooLarge` or `Unavailable`. */
  readonly send: (value: T, options?: SendOptions) => Promise<void>;
  /** One result per value, in their order; never throws for a queue that is down. */
  readonly sendBatch: (values: readonly QueuedValue<T>[]) => Promise<readonly EnqueueResult[]>;
};

const stringAttributes = (attributes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );

/**
 * A queue of JSON values. Messages of one group carry its name as MessageGroupId, so that a standard
 * queue shares its workers fairly between groups.
 */
export function jsonQueue<T>(
  client: SQSClient,
  queue: {
    readonly url: string;
    readonly dependency: string;
    /** As SQS takes it: 128 printable ASCII characters at most. */
    readonly groupOf: (value: T) => string;
  },
): JsonQueue<T> {
  const messageOf = ({
    value,
    group = queue.groupOf(value),
    delaySeconds,
    attributes,
    deduplicationId,
  }: QueuedValue<T>) => ({
    MessageBody: asciiJson(value),
    MessageGroupId: group,
    ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    ...(attributes === undefined ? {} : { MessageAttributes: stringAttributes(attributes) }),
    ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
  });

  /** Sends a batch; gives back the ids of what the queue did not confirm. */
  const sendOnce = async (entries: readonly SendMessageBatchRequestEntry[]) => {
    const sent = await orUnavailable(queue.dependency, () =>
      client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries: [...entries] })),
    );
    const confirmed = new Set(sent.Successful?.map((entry) => entry.Id));
    return entries.filter((entry) => !confirmed.has(entry.Id));
  };

  /** The ids of what was not confirmed after every round; a queue that is down confirms none. */
  const sendAll = async (entries: readonly SendMessageBatchRequestEntry[]) => {
    let left = entries;
    for (let round = 0; round < ROUNDS && left.length > 0; round++) {
      try {
        left = await sendOnce(left);
      } catch {
        break;
      }
    }
    return left.map((entry) => entry.Id);
  };

  return {
    send: async (value, options = {}) => {
      const message = messageOf({ value, ...options });
      if (message.MessageBody.length > MAX_MESSAGE_BYTES) throw new TooLarge();
      await orUnavailable(queue.dependency, () =>
        client.send(new SendMessageCommand({ QueueUrl: queue.url, ...message })),
      );
    },
    sendBatch: async (values) => {
      const entries = values.map((value, at) => ({ Id: String(at), ...messageOf(value) }));
      const fits = entries.filter((entry) => entry.MessageBody.length <= MAX_MESSAGE_BYTES);
      const batches = batchesOf(fits, (entry) => entry.MessageBody.length, {
        entries: MAX_ENTRIES,
        size: MAX_MESSAGE_BYTES,
      });
      const left = new Set(
        (await pMap(batches, sendAll, { concurrency: CONCURRENT_BATCHES })).flat(),
      );
      return entries.map((entry): EnqueueResult => {
        if (entry.MessageBody.length > MAX_MESSAGE_BYTES) return 'too-large';
        return left.has(entry.Id) ? 'failed' : 'enqueued';
      });
    },
  };
}
