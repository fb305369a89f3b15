import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ExternalEventRequest } from '../../domain/feedback/external-event-request.ts';
import type { EventQueue } from '../../domain/feedback/ports.ts';
import { jsonQueue } from './json-queue.ts';

/** The URLs of the two lanes: a reply never waits behind the delivery reports of a campaign. */
export type EventLanes = { readonly statuses: string; readonly replies: string };

/** Status updates and replies as JSON, each kind on a queue of its own, one group per tenant. */
export function eventQueue(client: SQSClient, lanes: EventLanes): EventQueue {
  const lane = (url: string, dependency: string) =>
    jsonQueue<ExternalEventRequest>(client, {
      url,
      dependency,
      groupOf: (request) => request.tenantId,
    });
  const statuses = lane(lanes.statuses, 'ci360-events-queue');
  const replies = lane(lanes.replies, 'ci360-replies-queue');
  return {
    enqueue: (request) => (request.kind === 'reply' ? replies : statuses).send(request),
  };
}
