import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ExternalEventRequest } from '../../domain/feedback/external-event-request.ts';
import type { EventQueue } from '../../domain/feedback/ports.ts';
import { jsonQueue } from './json-queue.ts';

/** The ci360-events queue: status updates and replies as JSON, one group per tenant. */
export function eventQueue(client: SQSClient, url: string): EventQueue {
  const queue = jsonQueue<ExternalEventRequest>(client, {
    url,
    dependency: 'ci360-events-queue',
    tenantOf: (request) => request.tenantId,
  });
  return { enqueue: (request) => queue.send(request) };
}
