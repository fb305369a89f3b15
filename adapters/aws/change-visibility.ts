import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { batchesOf } from './batches.ts';

/** SQS hides a message for at most 12 hours counted from its receipt, which was some minutes ago. */
const MAX_SECONDS = 42_000;
const MAX_ENTRIES = 10;

/** A received record, and for how many seconds from now it is to be hidden. */
export type Hiding = { readonly receiptHandle: string; readonly seconds: number };

/**
 * Hides received records, ten with a call. False when the queue would not hide one: that record then
 * comes back when the queue's own visibility time-out ends, so nothing is lost and nobody needs to act.
 */
export type ChangeVisibility = (hidings: readonly Hiding[]) => Promise<boolean>;

/** `changeVisibility` for one queue. */
export const changeVisibility =
  (client: SQSClient, url: string): ChangeVisibility =>
  async (hidings) => {
    const entries = hidings.map(({ receiptHandle, seconds }, at) => ({
      Id: String(at),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.min(MAX_SECONDS, Math.max(0, Math.ceil(seconds))),
    }));
    const batches = batchesOf(entries, () => 0, { entries: MAX_ENTRIES, size: 0 });
    const changed = await pMap(batches, async (Entries) => {
      try {
        const { Failed = [] } = await client.send(
          new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }),
        );
        return Failed.length === 0;
      } catch {
        return false;
      }
    });
    return !changed.includes(false);
  };

/** A queue's name, which a received record carries, from its URL. */
export const queueNameOf = (url: string): string => url.split('/').at(-1) ?? '';

/** `changeVisibility` for the queues of one function, by the name of the queue that a batch came from. */
export function changeVisibilityOn(client: SQSClient, urls: readonly string[]) {
  const queues = new Map(urls.map((url) => [queueNameOf(url), changeVisibility(client, url)]));
  return async (hidings: readonly Hiding[], queue: string): Promise<boolean> =>
    (await queues.get(queue)?.(hidings)) ?? false;
}
