import type { Clock } from '../../domain/clock.ts';
import type { HttpClient } from '../../domain/exchange.ts';
import type { EventGateway, Injection } from '../../domain/feedback/ports.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { injectionOf } from './injection.ts';
import { ci360Token } from './token.ts';

const EVENTS_PATH = '/marketingGateway/events';

/** CI360 shows the gateway's address without its last part, or as a host alone. */
const UNFINISHED_PATHS = ['', '/', '/marketingGateway', '/marketingGateway/'];

/** `ci360_api_url` is the complete URL, or the gateway's address as CI360 shows it. */
function eventsUrl(configured: string): URL {
  const url = new URL(configured);
  if (UNFINISHED_PATHS.includes(url.pathname)) url.pathname = EVENTS_PATH;
  return url;
}

const missing = (key: string): Injection => ({
  kind: 'rejected',
  failure: {
    class: 'config',
    code: 'secret-incomplete',
    message: `The secret of the tenant has no ${key}.`,
    advice: `Add ${key} to the secret of the tenant, then replay.`,
  },
});

function credentialsOf(secret: TenantSecret): { url: URL; token: string } | Injection {
  if (!secret.ci360_api_url) return missing('ci360_api_url');
  const token = ci360Token(secret);
  if (token === undefined) return missing('ci360_token');
  return { url: eventsUrl(secret.ci360_api_url), token };
}

/** CI360's event gateway. `timeoutMs` limits each attempt; connections are reused. */
export function eventGateway(deps: {
  readonly http: HttpClient;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): EventGateway {
  return {
    inject: async (event, secret, signal) => {
      const credentials = credentialsOf(secret);
      if ('kind' in credentials) return credentials;
      const exchange = await deps.http(
        {
          method: 'POST',
          url: credentials.url,
          headers: {
            authorization: `Bearer ${credentials.token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(event),
        },
        AbortSignal.any([signal, AbortSignal.timeout(deps.timeoutMs)]),
      );
      return injectionOf(exchange, deps.clock());
    },
  };
}
