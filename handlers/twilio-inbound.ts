import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireTwilioInbound } from './runtime/wiring/twilio-inbound.ts';

const observe = observation('twilio-inbound');

/** `POST /webhooks/twilio/{tenantId}/inbound` */
export const handler = httpHandler(observe, () => wireTwilioInbound(observe));
