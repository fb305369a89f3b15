import { sqsClient } from '../../adapters/aws/clients/sqs.ts';
import type { TwilioWebhookDeps } from '../../domain/feedback/twilio-webhook.ts';
import { twilioSigned } from '../../providers/twilio/webhooks/signature.ts';
import type { Settings } from './config.ts';
import { wireEventQueue } from './event-lanes.ts';
import type { twilioWebhookSettings } from './function-settings.ts';
import type { Observation } from './observe.ts';
import { publicUrls } from './public-urls.ts';
import { promptly, wireSecrets } from './secrets.ts';

/** What both of Twilio's webhooks need. */
export const wireTwilioWebhook = (
  config: Settings<typeof twilioWebhookSettings>,
  observe: Observation,
): TwilioWebhookDeps => ({
  secrets: wireSecrets(config, observe),
  signed: twilioSigned,
  queue: wireEventQueue(sqsClient(promptly), config),
  publicUrls: publicUrls(config),
  clock: Date.now,
  observe,
});
