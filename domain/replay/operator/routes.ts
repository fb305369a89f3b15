import { unauthorized } from '../../access/access.ts';
import { CursorRefused } from '../../cursor.ts';
import { errorAnswer, type HttpAnswer, type HttpRequest } from '../../http.ts';
import type { Route } from './call.ts';
import type { OperatorDeps } from './deps.ts';
import { failedRequestRoutes } from './failed-request-routes.ts';
import { notFound, Refused } from './refused.ts';
import { replayRoutes } from './replay-routes.ts';

const routes: Readonly<Record<string, Route>> = { ...failedRequestRoutes, ...replayRoutes };

/** Every route of the operator, as API Gateway names them. */
export const operatorRoutes = Object.keys(routes);

/** The operator's routes: failed requests, their groups, replays of them, and opt-outs. */
export const serveOperator =
  (deps: OperatorDeps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const at = { requestId: request.requestId, now: deps.clock() };
    const caller = await deps.authenticate(request.headers, 'operator');
    if (caller === undefined) {
      deps.observe.count('unauthorized');
      deps.observe.warn('refused', { requestId: request.requestId, status: 401 });
      return unauthorized(at);
    }
    try {
      const route = routes[request.routeKey];
      if (route === undefined) throw notFound('There is no such route.');
      return await route({ request, caller, deps });
    } catch (error) {
      if (error instanceof CursorRefused) {
        return errorAnswer(400, 'BAD_REQUEST', error.message, at);
      }
      if (!(error instanceof Refused)) throw error;
      return errorAnswer(error.status, error.code, error.message, at, { details: error.details });
    }
  };
