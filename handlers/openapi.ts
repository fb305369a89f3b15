import description from '../openapi.json' with { type: 'json' };
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';

/** `GET /openapi.json` */
export const handler = httpHandler(observation('openapi'), wire);

/** The description of the API. Tools on any page may read it. */
function wire(): HttpRoute {
  readConfig('openapi');
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' };
  return async () => ({ status: 200, headers, body: description });
}
