import * as z from 'zod';
import { unauthorized } from '../access/access.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { parseJson } from '../json.ts';
import type { LogFields } from '../observe.ts';
import { notFound, Refused } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import type { Route } from './call.ts';
import type { OperatorDeps } from './deps.ts';
import { failedRequestRoutes } from './failed-request-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { statusRoutes } from './status.ts';

const routes: Readonly<Record<string, Route>> = {
  ...failedRequestRoutes,
  ...replayRoutes,
  ...statusRoutes,
};

/** Every route of the operator, as API Gateway names them. */
export const operatorRoutes = Object.keys(routes);

/** The operator's routes: failed requests, their groups, replays of them, and opt-outs. */
export const serveOperator =
  (deps: OperatorDeps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const caller = await deps.authenticate(request.headers, 'operator');
    if (caller === undefined) {
      deps.observe.count('unauthorized');
      deps.observe.warn('refused', { ...aboutCall(request), status: 401 });
      throw unauthorized();
    }
    const log = (status: number) =>
      deps.observe.info('operator call', { ...aboutCall(request), caller: caller.name, status });
    try {
      const route = routes[request.routeKey];
      if (route === undefined) throw notFound('There is no such route.');
      const answer = await route({ request, caller, deps });
      log(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof Refused) log(error.status);
      throw error;
    }
  };

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
