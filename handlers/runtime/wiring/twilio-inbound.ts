import { twilioInbound } from '../../../domain/feedback/twilio-inbound.ts';
import { twiml } from '../../../providers/twilio/twiml.ts';
import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { wireTakeReply } from '../take-reply.ts';
import { wireTwilioWebhook } from '../twilio-webhook.ts';

export function wireTwilioInbound(observe: Observation): HttpRoute {
  const config = readConfig('twilio-inbound', process.env);
  const deps = {
    ...wireTwilioWebhook(config, observe),
    ...wireTakeReply(config),
    autoReply: config.twilio_auto_reply,
    twiml,
  };
  return (request) => twilioInbound(request, deps);
}
