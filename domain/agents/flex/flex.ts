import { type Authenticate, forbidden, unauthorized } from '../../access/access.ts';
import { mayActFor } from '../../access/access-keys.ts';
import { errorAnswer, type HttpAnswer, type HttpRequest } from '../../http.ts';
import type { LogFields } from '../../observe.ts';
import { tenantIdSchema } from '../../outbound/message-request.ts';
import type { FlexCall, FlexDeps } from './call.ts';
import { closeSessions } from './close-sessions.ts';
import { openTask } from './open-task.ts';
import { sendMessage } from './send-message.ts';

type FlexRouteDeps = FlexDeps & {
  readonly authenticate: Authenticate;
  /** Origins of screens that may call from a browser (`flex_allowed_origins`). */
  readonly allowedOrigins: readonly string[];
};

const routes: Readonly<Record<string, (deps: FlexDeps, call: FlexCall) => Promise<HttpAnswer>>> = {
  'POST outbound-sms-tasks': openTask,
  'POST outbound-messages': sendMessage,
  'DELETE proxy-sessions': closeSessions,
};

/** Lets a configured origin read the answer; any other is told nothing. */
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

/** A browser's question before the call; it comes without a key. */
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

/** `/flex/{tenantId}/{call}`: what Flex screens and back offices call, with a connector key. */
export function flex(deps: FlexRouteDeps): (request: HttpRequest) => Promise<HttpAnswer> {
  const answer = async (request: HttpRequest): Promise<HttpAnswer> => {
    const at = { requestId: request.requestId, now: deps.clock() };
    const caller = await deps.authenticate(request.headers, 'connector');
    const log = (given: HttpAnswer, who: string | undefined): HttpAnswer => {
      const { status } = given;
      const about = {
        ...aboutCall(request),
        status,
        ...(who === undefined ? {} : { caller: who }),
      };
      if (status === 401 || status === 403) deps.observe.warn('refused', about);
      else deps.observe.info('flex call', about);
      return given;
    };
    if (caller === undefined) {
      deps.observe.count('unauthorized', { reason: 'flex' });
      return log(unauthorized(at), undefined);
    }
    const tenantId = request.params.tenantId ?? '';
    if (!tenantIdSchema.safeParse(tenantId).success || !mayActFor(caller, tenantId)) {
      deps.observe.count('unauthorized', { reason: 'flex' });
      return log(forbidden(at), caller.name);
    }
    return log(await serve(request, tenantId, at), caller.name);
  };

  const serve = async (
    request: HttpRequest,
    tenantId: string,
    at: { readonly requestId: string; readonly now: number },
  ): Promise<HttpAnswer> => {
    const path = request.path.split('/').at(-1) ?? '';
    const route = `${request.method} ${path}`;
    const handle = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (handle === undefined) return errorAnswer(404, 'NOT_FOUND', 'There is no such call.', at);
    const read = await deps.secrets.get(tenantId);
    if (read.kind === 'unknown-tenant') {
      return errorAnswer(404, 'UNKNOWN_TENANT', 'There is no such tenant.', at);
    }
    if (read.kind === 'invalid') {
      return errorAnswer(500, 'TENANT_SECRET', `The tenant's secret: ${read.issue}.`, at);
    }
    const { body, headers } = request;
    return handle(deps, { tenantId, secret: read.secret, body, headers });
  };

  return async (request) => {
    const headers = cors(request.headers.origin, deps.allowedOrigins);
    if (request.method === 'OPTIONS') return preflight(headers);
    const given = await answer(request);
    return { ...given, headers: { ...given.headers, ...headers } };
  };
}
