import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireTwilioStatus } from './runtime/wiring/twilio-status.ts';

const observe = observation('twilio-status');

/** `POST /webhooks/twilio/{tenantId}/status` */
export const handler = httpHandler(observe, () => wireTwilioStatus(observe));
