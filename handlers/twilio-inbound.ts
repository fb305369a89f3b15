import { twilioInbound } from '../providers/twilio/webhooks/inbound.ts';
import { twiml } from '../providers/twilio/webhooks/twiml.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireTakeReply } from './runtime/take-reply.ts';
import { wireTwilioWebhook } from './runtime/twilio-webhook.ts';

const observe = observation('twilio-inbound');

/** `POST /webhooks/twilio/{tenantId}/inbound` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('twilio-inbound');
  const deps = {
    ...wireTwilioWebhook(config, observe),
    ...wireTakeReply(config),
    autoReply: config.twilio_auto_reply,
    twiml,
  };
  return (request) => twilioInbound(request, deps);
}
