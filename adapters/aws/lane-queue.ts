import type { SQSClient } from '@aws-sdk/client-sqs';
import { messageGroupOf } from '../../domain/outbound/message-group.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { LaneQueue } from '../../domain/senders/enter-lanes.ts';
import { groupId } from './group-id.ts';
import { jsonQueue } from './json-queue.ts';

/**
 * The queue of lanes, a FIFO queue whose message groups are the lanes. It takes an entry once in five minutes:
 * not again from a worker that died before it deleted its record, nor from a call whose answer was lost.
 */
export function laneQueue(client: SQSClient, url: string): LaneQueue {
  const queue = jsonQueue<MessageRequest>(client, {
    url,
    dependency: 'lanes-queue',
    groupOf: messageGroupOf,
  });
  return {
    enter: (entries) =>
      queue.sendBatch(
        entries.map(({ request, lane, entryId }) => ({
          value: request,
          group: groupId(lane),
          deduplicationId: entryId,
        })),
      ),
  };
}
