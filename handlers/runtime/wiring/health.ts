import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';

/** Answers 200 when the service has settings that it can run with. Asks nobody else, so that anyone may call it. */
export function wireHealth(): HttpRoute {
  readConfig('health', process.env);
  return async () => ({ status: 200, body: { status: 'ok' } });
}
