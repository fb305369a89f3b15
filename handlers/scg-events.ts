import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireScgEvents } from './runtime/wiring/scg-events.ts';

const observe = observation('scg-events');

/** `POST /webhooks/scg[/{tenantId}]` */
export const handler = httpHandler(observe, () => wireScgEvents(observe));
