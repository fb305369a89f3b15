import { receiveCallback } from '../domain/feedback/receive-callback.ts';
import { twilioStatusCallbacks } from '../providers/twilio/webhooks/status.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { publicUrls } from './runtime/public-urls.ts';
import { wireWebhook } from './runtime/webhook.ts';

const observe = observation('twilio-status');

/** `POST /webhooks/twilio/{tenantId}/status` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('twilio-status');
  const deps = wireWebhook(config, observe);
  const callbacks = twilioStatusCallbacks({ publicUrls: publicUrls(config) });
  return (request) => receiveCallback(request, callbacks, deps);
}
