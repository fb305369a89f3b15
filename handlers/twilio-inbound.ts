import { answerInResponse } from '../domain/feedback/answer-in-response.ts';
import { receiveCallback } from '../domain/feedback/receive-callback.ts';
import { twilioInboundCallbacks } from '../providers/twilio/webhooks/inbound.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { publicUrls } from './runtime/public-urls.ts';
import { wireReplies } from './runtime/replies.ts';
import { wireWebhook } from './runtime/webhook.ts';

const observe = observation('twilio-inbound');

/** `POST /webhooks/twilio/{tenantId}/inbound` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('twilio-inbound');
  const autoReply = config.twilio_auto_reply;
  const replies = wireReplies(
    config,
    observe,
    (deps) => (reply, heard) => answerInResponse(reply, heard, { ...deps, autoReply }),
  );
  const deps = { ...wireWebhook(config, observe), replies };
  const callbacks = twilioInboundCallbacks({ publicUrls: publicUrls(config) });
  return (request) => receiveCallback(request, callbacks, deps);
}
