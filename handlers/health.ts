import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';

/** `GET /health` */
export const handler = httpHandler(observation('health'), wire);

/** Answers 200 when the service has settings that it can run with. Asks nobody else, so that anyone may call it. */
function wire(): HttpRoute {
  readConfig('health');
  return async () => ({ status: 200, body: { status: 'ok' } });
}
