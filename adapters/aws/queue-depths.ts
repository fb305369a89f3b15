import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueDepth } from '../../domain/operator/status-ports.ts';
import { orUnavailable } from './or-unavailable.ts';

/** How much is on a queue, as SQS counts it: roughly, a few seconds behind. */
export async function queueDepth(client: SQSClient, url: string): Promise<QueueDepth> {
  const { Attributes: of = {} } = await orUnavailable('queues', () =>
    client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    ),
  );
  return {
    waiting: Number(of.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(of.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(of.ApproximateNumberOfMessagesDelayed ?? 0),
  };
}
