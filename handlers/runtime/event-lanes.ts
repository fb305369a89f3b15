import type { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import { eventQueue } from '../../adapters/aws/event-queue.ts';
import type { EventQueue } from '../../domain/feedback/ports.ts';
import type { Settings } from './config.ts';
import type { eventQueueSettings } from './setting-groups.ts';

/** The way to the injector, for everything that hears from a provider. */
export const wireEventQueue = (
  client: ReturnType<typeof sqsClient>,
  config: Settings<typeof eventQueueSettings>,
): EventQueue =>
  eventQueue(client, {
    statuses: config.ci360_events_queue_url,
    replies: config.ci360_replies_queue_url,
  });
