import { type Authenticate, forbidden, unauthorized } from '../../access/access.ts';
import { type Caller, mayActFor } from '../../access/access-keys.ts';
import type { HttpAnswer, HttpRequest } from '../../http.ts';
import type { LogFields } from '../../observe.ts';
import { notFound, Refused } from '../../refused.ts';
import { tenantIdSchema } from '../../tenant/tenant-id.ts';
import { withFreshSecret } from '../../tenant/use-secret.ts';
import type { FlexCall, FlexDeps } from './call.ts';
import { closeSessions } from './close-sessions.ts';
import { FlexRefused, flexAnswer } from './flex-refused.ts';
import { openTask } from './open-task.ts';
import { sendMessage } from './send-message.ts';

type FlexRouteDeps = FlexDeps & {
  readonly authenticate: Authenticate;
  /** Origins of screens that may call from a browser (`flex_allowed_origins`). */
  readonly allowedOrigins: readonly string[];
};

const routes: Readonly<Record<string, (call: FlexCall, deps: FlexDeps) => Promise<HttpAnswer>>> = {
  'POST outbound-sms-tasks': openTask,
  'POST outbound-messages': sendMessage,
  'DELETE proxy-sessions': closeSessions,
};

/** Lets pages of a configured origin read the response, and no others. */
function cors(origin: string | undefined, allowed: readonly string[]): Record<string, string> {
  return origin !== undefined && allowed.includes(origin)
    ? { 'access-control-allow-origin': origin, vary: 'Origin' }
    : { vary: 'Origin' };
}

/** What was called, for the log. */
function aboutCall(request: HttpRequest): LogFields {
  const tenant = tenantIdSchema.safeParse(request.params.tenantId);
  return {
    requestId: request.requestId,
    route: request.routeKey,
    ...(tenant.success ? { tenantId: tenant.data } : {}),
    ...(request.sourceIp ? { source: request.sourceIp } : {}),
  };
}

/** A browser's preflight request, which carries no key. */
function preflight(headers: Readonly<Record<string, string>>): HttpAnswer {
  if (!('access-control-allow-origin' in headers)) return { status: 403, headers };
  return {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': 'POST, DELETE, OPTIONS',
      'access-control-allow-headers': 'Content-Type, Authorization, X-Api-Key, Idempotency-Key',
      'access-control-max-age': '600',
    },
  };
}

/** Maps a refusal to the documented shape. */
async function inFlexShape(answer: Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FlexRefused) return flexAnswer(error);
    throw error;
  }
}

/** `/flex/{tenantId}/{call}`: the calls of Flex screens and back offices, with a connector key. */
export function flex(deps: FlexRouteDeps): (request: HttpRequest) => Promise<HttpAnswer> {
  const answer = async (request: HttpRequest, caller: Caller | undefined): Promise<HttpAnswer> => {
    if (caller === undefined) {
      deps.observe.count('unauthorized', { reason: 'flex' });
      throw unauthorized();
    }
    const tenantId = request.params.tenantId ?? '';
    if (!tenantIdSchema.safeParse(tenantId).success || !mayActFor(caller, tenantId)) {
      deps.observe.count('unauthorized', { reason: 'flex' });
      throw forbidden();
    }
    const path = request.path.split('/').at(-1) ?? '';
    const route = `${request.method} ${path}`;
    const handle = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (handle === undefined) throw notFound('There is no such call.');
    const read = await deps.secrets.get(tenantId);
    if (read.kind === 'unknown-tenant') {
      throw new Refused(404, 'UNKNOWN_TENANT', 'There is no such tenant.');
    }
    if (read.kind === 'invalid') {
      throw new Refused(500, 'TENANT_SECRET', `The tenant's secret: ${read.issue}.`);
    }
    const { secret } = read;
    const credentials = withFreshSecret({ tenantId, secret, secrets: deps.secrets });
    const { body, headers } = request;
    return inFlexShape(handle({ tenantId, tenant: { secret, credentials }, body, headers }, deps));
  };

  const log = (request: HttpRequest, status: number, caller: Caller | undefined) => {
    const about = {
      ...aboutCall(request),
      status,
      ...(caller === undefined ? {} : { caller: caller.name }),
    };
    if (status === 401 || status === 403) deps.observe.warn('refused', about);
    else deps.observe.info('flex call', about);
  };

  return async (request) => {
    const headers = cors(request.headers.origin, deps.allowedOrigins);
    if (request.method === 'OPTIONS') return preflight(headers);
    const caller = await deps.authenticate(request.headers, 'agents');
    try {
      const given = await answer(request, caller);
      log(request, given.status, caller);
      return { ...given, headers: { ...given.headers, ...headers } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      log(request, error.status, caller);
      throw error.with(headers);
    }
  };
}
