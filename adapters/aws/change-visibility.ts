import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** SQS hides a message for at most 12 hours, counted from its receipt. */
const MAX_SECONDS = 43_200;

/**
 * Hides a received record for `seconds` from now. False when the queue would not: the record then comes
 * back when the queue's own visibility time-out ends, so nothing is lost and nobody needs to act.
 */
export type ChangeVisibility = (receiptHandle: string, seconds: number) => Promise<boolean>;

/** `changeVisibility` for one queue. */
export const changeVisibility =
  (client: SQSClient, url: string): ChangeVisibility =>
  async (receiptHandle, seconds) => {
    try {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: Math.min(MAX_SECONDS, Math.max(0, Math.ceil(seconds))),
        }),
      );
      return true;
    } catch {
      return false;
    }
  };
