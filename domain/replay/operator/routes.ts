import * as z from 'zod';
import { unauthorized } from '../../access/access.ts';
import { type Caller, mayActFor } from '../../access/access-keys.ts';
import { CursorRefused } from '../../cursor.ts';
import { errorAnswer, type HttpAnswer, type HttpRequest } from '../../http.ts';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import { secondsBetweenCounts } from '../outcomes.ts';
import { nextVersion, outstanding, type Replay } from '../replay.ts';
import { selectionSchema, selectionShape, statusSchema } from '../selection.ts';
import { checkTenant, tenantOf } from './caller.ts';
import { cancel, pause, resume } from './control.ts';
import type { OperatorDeps } from './deps.ts';
import { groupsOf } from './groups.ts';
import { liftOptOut, showOptOut } from './opt-outs.ts';
import { planOf } from './plan.ts';
import { purge } from './purge.ts';
import { badRequest, invalid, notFound, parse, Refused, readBody } from './refused.ts';
import { checkCode, scan } from './scan.ts';
import { closed, optionsInput, startReplay } from './start.ts';
import { type RowView, viewOfDelivery, viewOfReplay, viewOfRow } from './views.ts';

/** One request by an operator whose key was good. */
type Call = { readonly request: HttpRequest; readonly caller: Caller; readonly deps: OperatorDeps };
type Route = (call: Call) => Promise<HttpAnswer>;

const ok = (body: object): HttpAnswer => ({ status: 200, body });

/** A guid of CI360's, a key of an external event, or either behind its tenant; nothing else. */
const guidSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:#-]{0,255}$/);
const replayIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);
const MAX_LIMIT = 500;
const limitIssue = `is a whole number from 1 to ${MAX_LIMIT}`;
const limitSchema = z.coerce
  .number(limitIssue)
  .int(limitIssue)
  .min(1, limitIssue)
  .max(MAX_LIMIT, limitIssue);
const cursorSchema = z.string().min(1).max(4096);

function pathId(request: HttpRequest, name: 'guid' | 'id', schema: z.ZodType<string>): string {
  const parsed = schema.safeParse(request.params[name]);
  if (!parsed.success) throw badRequest(`The ${name} has characters that no ${name} has.`);
  return parsed.data;
}

/** The selection and whatever else a route takes, its tenant checked. */
async function selectionOf(fields: Record<string, unknown>, { caller, deps }: Call) {
  const named = parse(z.object({ tenantId: selectionShape.tenantId.optional() }), fields);
  const selection = parse(selectionSchema, {
    ...fields,
    tenantId: tenantOf(caller, named.tenantId),
  });
  await checkTenant(caller, selection.tenantId, deps);
  return selection;
}

const queryFields = (request: HttpRequest): Record<string, string> =>
  Object.fromEntries([...request.query].filter(([, value]) => value !== ''));

const listQuery = z.looseObject({
  status: statusSchema.default('failed'),
  group: z.enum(['true', 'false']).default('false'),
  order: z.enum(['oldest-first', 'newest-first']).default('newest-first'),
  limit: limitSchema.default(50),
  cursor: cursorSchema.optional(),
});

const listFailedRequests: Route = async (call) => {
  const { status, group, order, limit, cursor, ...fields } = parse(
    listQuery,
    queryFields(call.request),
  );
  const selection = await selectionOf(fields, call);
  if (group === 'true') {
    const found = await groupsOf(selection, status, cursor, call.deps);
    if (found.groups.length === 0 && cursor === undefined) await checkCode(selection, call.deps);
    return ok(found);
  }
  const items: RowView[] = [];
  const end = await scan(
    selection,
    status,
    { cursor, order, limit: () => limit - items.length },
    async (listed) => {
      const rows = await call.deps.failedRequests.getMany(listed.map(({ guid }) => guid));
      // One that has moved on since the index was written belongs to another list.
      items.push(...rows.filter((row) => row.status === status).map(viewOfRow));
      return items.length < limit;
    },
    call.deps,
  );
  if (items.length === 0 && cursor === undefined) await checkCode(selection, call.deps);
  return ok({ items, ...end });
};

const showFailedRequest: Route = async ({ request, caller, deps }) => {
  const guid = pathId(request, 'guid', guidSchema);
  const row = await deps.failedRequests.get(guid, request.query.get('tenantId') ?? undefined);
  // Another tenant's is not there for this key.
  if (row === undefined || !mayActFor(caller, row.tenantId)) {
    throw notFound(`There is no failed request ${guid}.`);
  }
  const [delivery, replay] = await Promise.all([
    row.kind === 'message' ? deps.deliveries.get(deliveryIdOf(row)) : undefined,
    row.replayId === undefined ? undefined : deps.replays.get(row.replayId),
  ]);
  return ok({
    failedRequest: viewOfRow(row),
    delivery: delivery === undefined ? null : viewOfDelivery(delivery),
    replay: replay === undefined ? null : viewOfReplay(replay),
  });
};

const showDelivery: Route = async ({ request, caller, deps }) => {
  const guid = pathId(request, 'guid', guidSchema);
  const tenantId = tenantOf(caller, request.query.get('tenantId') ?? undefined);
  await checkTenant(caller, tenantId, deps);
  const delivery = await deps.deliveries.get(deliveryIdOf({ tenantId, guid }));
  if (delivery === undefined) throw notFound(`There is no delivery ${guid} of this tenant.`);
  return ok(viewOfDelivery(delivery));
};

const purgeBody = z.looseObject({
  status: statusSchema.exclude(['replaying']).default('failed'),
  confirm: z.string().optional(),
  cursor: cursorSchema.optional(),
});

const purgeFailedRequests: Route = async (call) => {
  const { status, confirm, cursor, ...fields } = parse(purgeBody, readBody(call.request.body));
  const selection = await selectionOf(fields, call);
  if (confirm !== selection.tenantId) {
    throw invalid('confirm', 'must repeat the tenant id: what is purged cannot be replayed');
  }
  const result = await purge(selection, status, cursor, call.deps);
  call.deps.observe.warn('failed requests were purged', {
    tenantId: selection.tenantId,
    count: result.purged,
    code: call.caller.name,
  });
  return ok(result);
};

const showOptOutOf: Route = async ({ request, caller, deps }) =>
  ok(await showOptOut(readBody(request.body), caller, deps));

const liftOptOutOf: Route = async ({ request, caller, deps }) =>
  ok(await liftOptOut(readBody(request.body), caller, deps));

const startOrPlan: Route = async (call) => {
  const { deps } = call;
  const body = z.looseObject({
    ...optionsInput(deps.settings),
    dryRun: z.boolean().default(false),
    cursor: cursorSchema.optional(),
  });
  const { rate, canary, maxFailureRate, ignoreTtl, dryRun, cursor, ...fields } = parse(
    body,
    readBody(call.request.body),
  );
  const selection = await selectionOf(fields, call);
  const options = { rate, canary, maxFailureRate, ignoreTtl };
  if (dryRun) {
    const plan = await planOf(closed(selection, deps.clock()), options, cursor, deps);
    if (plan.selected === 0 && cursor === undefined) await checkCode(selection, deps);
    return ok(plan);
  }
  const replay = await startReplay({ selection, options }, call.caller, deps);
  return { status: 202, body: viewOfReplay(replay) };
};

const listReplays: Route = async (call) => {
  const { limit, cursor, tenantId } = parse(
    z.strictObject({
      tenantId: selectionShape.tenantId.optional(),
      limit: limitSchema.default(20),
      cursor: cursorSchema.optional(),
    }),
    queryFields(call.request),
  );
  const tenant = tenantOf(call.caller, tenantId);
  await checkTenant(call.caller, tenant, call.deps);
  const page = await call.deps.replays.list(tenant, {
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  return ok({
    items: page.items.map(viewOfReplay),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  });
};

async function replayOf({ request, caller, deps }: Call): Promise<Replay> {
  const id = pathId(request, 'id', replayIdSchema);
  const replay = await deps.replays.get(id);
  if (replay === undefined || !mayActFor(caller, replay.tenantId)) {
    throw notFound(`There is no replay ${id}.`);
  }
  return replay;
}

/**
 * With outcomes that are fresh: an old count of a replay with messages on their way is made anew, and
 * kept so that those who watch do not each count. Losing the swap to the execution costs nothing.
 */
const showReplay: Route = async (call) => {
  const replay = await replayOf(call);
  const { deps } = call;
  const age = deps.clock() - replay.outcomes.countedAt;
  const patience = secondsBetweenCounts(replay, deps.settings.pollSeconds) * 1000;
  if (outstanding(replay) === 0 || age < patience) return ok(viewOfReplay(replay));
  const outcomes = { ...(await deps.outcomes.count(replay.replayId)), countedAt: deps.clock() };
  const next = nextVersion(replay, { outcomes }, deps.clock());
  await deps.replays.swap(next);
  return ok(viewOfReplay(next));
};

const controlling =
  (control: typeof pause): Route =>
  async (call) => {
    const replay = await control(await replayOf(call), call.deps);
    call.deps.observe.info('a replay was controlled', {
      replayId: replay.replayId,
      tenantId: replay.tenantId,
      status: replay.control ?? replay.status,
      code: call.caller.name,
    });
    return ok(viewOfReplay(replay));
  };

const routes: Readonly<Record<string, Route>> = {
  'GET /failed-requests': listFailedRequests,
  'GET /failed-requests/{guid}': showFailedRequest,
  'POST /failed-requests/purge': purgeFailedRequests,
  'GET /deliveries/{guid}': showDelivery,
  // The number stands in the body: addresses of requests are logged on their way.
  'POST /opt-outs/show': showOptOutOf,
  'POST /opt-outs/lift': liftOptOutOf,
  'GET /replays': listReplays,
  'POST /replays': startOrPlan,
  'GET /replays/{id}': showReplay,
  'POST /replays/{id}/pause': controlling(pause),
  'POST /replays/{id}/resume': controlling(resume),
  'POST /replays/{id}/cancel': controlling(cancel),
};
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
