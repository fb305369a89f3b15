import * as z from 'zod';
import { mayActFor } from '../access/access-keys.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import { invalid, notFound } from '../refused.ts';
import { statusSchema } from '../replay/selection.ts';
import { rowsOf } from '../replay/take.ts';
import {
  cursorSchema,
  guidSchema,
  limitSchema,
  ok,
  pathId,
  queryFields,
  type Route,
  selectionOf,
} from './call.ts';
import { checkTenant, tenantOf } from './caller.ts';
import { groupsOf } from './groups.ts';
import { liftOptOut, showOptOut } from './opt-outs.ts';
import { parse, readBody } from './parse.ts';
import { purge } from './purge.ts';
import { checkCode, scan } from './scan.ts';
import { type RowView, viewOfDelivery, viewOfReplay, viewOfRow } from './views.ts';

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
      const rows = await rowsOf(
        selection,
        listed.map(({ guid }) => guid),
        call.deps,
      );
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
    delivery:
      delivery === undefined ? null : viewOfDelivery(delivery, deps.settings.waits, deps.clock()),
    replay: replay === undefined ? null : viewOfReplay(replay),
  });
};

const showDelivery: Route = async ({ request, caller, deps }) => {
  const guid = pathId(request, 'guid', guidSchema);
  const tenantId = tenantOf(caller, request.query.get('tenantId') ?? undefined);
  await checkTenant(caller, tenantId, deps);
  const delivery = await deps.deliveries.get(deliveryIdOf({ tenantId, guid }));
  if (delivery === undefined) throw notFound(`There is no delivery ${guid} of this tenant.`);
  return ok(viewOfDelivery(delivery, deps.settings.waits, deps.clock()));
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

/** The routes of failed requests, of the deliveries behind them, and of people who opted out. */
export const failedRequestRoutes: Readonly<Record<string, Route>> = {
  'GET /failed-requests': listFailedRequests,
  'GET /failed-requests/{guid}': showFailedRequest,
  'POST /failed-requests/purge': purgeFailedRequests,
  'GET /deliveries/{guid}': showDelivery,
  // The number stands in the body: addresses of requests are logged on their way.
  'POST /opt-outs/show': showOptOutOf,
  'POST /opt-outs/lift': liftOptOutOf,
};
