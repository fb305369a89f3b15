import type { SQSClient } from '@aws-sdk/client-sqs';
import { messageGroupOf } from '../../domain/outbound/message-group.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { OutboundQueue } from '../../domain/outbound/ports.ts';
import { groupId } from './group-id.ts';
import { jsonQueue } from './json-queue.ts';

/**
 * The outbound queue: message requests as JSON, one group per task. What has priority goes on a queue of its
 * own where `priorityUrl` names one; batches, which are replays, never do, so that a replay is not its backlog.
 */
export function outboundQueue(
  client: SQSClient,
  url: string,
  priorityUrl: string = url,
): OutboundQueue {
  const queueAt = (at: string) =>
    jsonQueue<MessageRequest>(client, {
      url: at,
      dependency: 'outbound-queue',
      groupOf: (request) => groupId(messageGroupOf(request)),
    });
  const [standard, priority] = [queueAt(url), queueAt(priorityUrl)];
  return {
    enqueue: (request, options) =>
      (request.priority === 'high' ? priority : standard).send(request, options),
    enqueueBatch: (requests) =>
      standard.sendBatch(
        requests.map(({ request, ...options }) => ({ value: request, ...options })),
      ),
  };
}
