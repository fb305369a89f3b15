import { twilioStatus } from '../../../domain/feedback/twilio-status.ts';
import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { wireTwilioWebhook } from '../twilio-webhook.ts';

export function wireTwilioStatus(observe: Observation): HttpRoute {
  const deps = wireTwilioWebhook(readConfig('twilio-status', process.env), observe);
  return (request) => twilioStatus(request, deps);
}
