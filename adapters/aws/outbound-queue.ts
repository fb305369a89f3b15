import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { OutboundQueue } from '../../domain/outbound/ports.ts';
import { jsonQueue } from './json-queue.ts';

/** The outbound queue: message requests as JSON, one group per tenant. */
export function outboundQueue(client: SQSClient, url: string): OutboundQueue {
  const queue = jsonQueue<MessageRequest>(client, {
    url,
    dependency: 'outbound-queue',
    tenantOf: (request) => request.tenantId,
  });
  return {
    enqueue: queue.send,
    enqueueBatch: (requests) =>
      queue.sendBatch(requests.map(({ request, ...options }) => ({ value: request, ...options }))),
  };
}
