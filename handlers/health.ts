import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireHealth } from './runtime/wiring/health.ts';

/** `GET /health` */
export const handler = httpHandler(observation('health'), wireHealth);
