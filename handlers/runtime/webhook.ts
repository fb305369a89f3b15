import { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import type { ReceiveDeps } from '../../domain/feedback/receive-callback.ts';
import type { Settings } from './config.ts';
import { wireEventQueue } from './event-lanes.ts';
import type { Observation } from './observe.ts';
import { shortTimeouts, wireSecrets } from './secrets.ts';
import type { webhookSettings } from './setting-groups.ts';

/** What every webhook needs. */
export const wireWebhook = (
  config: Settings<typeof webhookSettings>,
  observe: Observation,
): ReceiveDeps => ({
  secrets: wireSecrets(config, observe),
  queue: wireEventQueue(sqsClient(shortTimeouts), config),
  clock: Date.now,
  observe,
});
