import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireFrontline } from './runtime/wiring/frontline.ts';

const observe = observation('frontline');

/** Twilio Frontline's callbacks. */
export const handler = httpHandler(observe, () => wireFrontline(observe));
