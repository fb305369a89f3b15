import * as z from 'zod';
import { unauthorized } from '../access/access.ts';
import type { AccessRole, Caller } from '../access/access-keys.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { parseJson } from '../json.ts';
import type { LogFields } from '../observe.ts';
import { notFound, Refused } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import { audited } from './audit.ts';
import type { OperatorDeps } from './deps.ts';
import type { Route } from './route.ts';
import { operatorRoutes } from './routes.ts';

const byKey = new Map(operatorRoutes.map((route) => [`${route.method} ${route.path}`, route]));

/** Serves every route of the table. */
export const serveOperator =
  (deps: OperatorDeps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const route = byKey.get(request.routeKey);
    const role = route?.role ?? 'viewer';
    const caller = await callerOf(request, role, route, deps);
    if (caller === undefined) return refuse(request, role, deps);
    const log = (status: number) =>
      deps.observe.info('operator call', { ...aboutCall(request), caller: caller.name, status });
    try {
      if (route === undefined) throw notFound('There is no such route.');
      const answer = await audited(request, route, caller, deps, () =>
        route.serve(request, { caller, deps }),
      );
      log(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof Refused) log(error.status);
      throw error;
    }
  };

/** 403 for a key that may look only, 401 for every other one. */
async function refuse(
  request: HttpRequest,
  role: AccessRole,
  { authenticate, observe }: OperatorDeps,
): Promise<never> {
  const viewer = role === 'viewer' ? undefined : await authenticate(request.headers, 'viewer');
  observe.count('unauthorized');
  const status = viewer === undefined ? 401 : 403;
  const caller = viewer === undefined ? {} : { caller: viewer.name };
  observe.warn('refused', { ...aboutCall(request), ...caller, status });
  if (viewer === undefined) throw unauthorized();
  throw new Refused(403, 'FORBIDDEN', `This needs a key with the role ${role}.`);
}

/** Who calls, with a key of the route's role or of the other one that opens it. */
async function callerOf(
  { headers }: HttpRequest,
  role: AccessRole,
  route: Route | undefined,
  { authenticate }: OperatorDeps,
): Promise<Caller | undefined> {
  const caller = await authenticate(headers, role);
  if (caller !== undefined || route?.alsoFor === undefined) return caller;
  return authenticate(headers, route.alsoFor);
}

const namedTenant = z.object({ tenantId: tenantIdSchema });

/** What was called, and for which tenant, so that reads leave a trace as changes do. */
function aboutCall(request: HttpRequest): LogFields {
  const fields =
    request.method === 'GET' ? Object.fromEntries(request.query) : parseJson(request.body);
  const tenant = namedTenant.safeParse(fields).data;
  const { guid } = request.params;
  return {
    requestId: request.requestId,
    route: request.routeKey,
    ...(request.sourceIp ? { source: request.sourceIp } : {}),
    ...(tenant ? { tenantId: tenant.tenantId } : {}),
    ...(guid ? { guid } : {}),
  };
}
