import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireIngress } from './runtime/wiring/ingress.ts';

const observe = observation('ingress');

/** `POST /{twilio|scg}/messages` */
export const handler = httpHandler(observe, () => wireIngress(observe));
