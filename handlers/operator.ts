import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireOperator } from './runtime/wiring/operator.ts';

const observe = observation('operator');

/** `/failed-requests`, `/deliveries`, `/opt-outs` and `/replays` */
export const handler = httpHandler(observe, () => wireOperator(observe));
