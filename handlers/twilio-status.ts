import { twilioStatus } from '../providers/twilio/webhooks/status.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireTwilioWebhook } from './runtime/twilio-webhook.ts';

const observe = observation('twilio-status');

/** `POST /webhooks/twilio/{tenantId}/status` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const deps = wireTwilioWebhook(readConfig('twilio-status'), observe);
  return (request) => twilioStatus(request, deps);
}
