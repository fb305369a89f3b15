import * as z from 'zod';
import { mayActFor } from '../../access/access-keys.ts';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import { notFound } from '../../refused.ts';
import { statusSchema } from '../../replay/selection.ts';
import {
  failedRequestsAnswer,
  groupsAnswer,
  purgeAnswer,
  storyAnswer,
} from '../answers/failed-requests.ts';
import { repeatedTenant } from '../caller.ts';
import {
  cursorField,
  guidField,
  limitField,
  selectionFields,
  selectionOf,
  tenantField,
} from '../fields.ts';
import { groupsOf } from '../groups.ts';
import { listFailed } from '../list-failed.ts';
import { purge } from '../purge.ts';
import { ok, type Route, route } from '../route.ts';
import { checkCode } from '../scan.ts';
import { viewOfDelivery, viewOfReplay, viewOfRow } from '../views.ts';

const list = route({
  method: 'GET',
  path: '/failed-requests',
  role: 'viewer',
  summary: 'Lists failed requests, or with group=true their groups by cause, sender and task',
  request: z.object({
    query: z.strictObject({
      ...selectionFields,
      status: statusSchema.default('failed'),
      group: z.enum(['true', 'false']).default('false'),
      order: z.enum(['oldest-first', 'newest-first']).default('newest-first'),
      limit: limitField.default(50),
      cursor: cursorField,
    }),
  }),
  answers: { 200: z.union([failedRequestsAnswer, groupsAnswer]) },
  refusals: [404, 422],
  handle: async ({ query }, call) => {
    const { status, group, order, limit, cursor, ...fields } = query;
    const selection = await selectionOf(fields, call);
    const [found, isEmpty] =
      group === 'true'
        ? await groupsOf(selection, status, cursor, call.deps).then(
            (page) => [page, page.groups.length === 0] as const,
          )
        : await listFailed(selection, status, { order, limit, cursor }, call.deps).then(
            (page) => [page, page.items.length === 0] as const,
          );
    if (isEmpty && cursor === undefined) await checkCode(selection, call.deps);
    return ok(found);
  },
});

const show = route({
  method: 'GET',
  path: '/failed-requests/{guid}',
  role: 'viewer',
  summary: 'Shows a failed request, its delivery, and the replay that took it last',
  request: z.object({
    params: z.object({ guid: guidField }),
    query: z.object({ tenantId: tenantField }),
  }),
  answers: { 200: storyAnswer },
  refusals: [404, 422],
  handle: async ({ params: { guid }, query }, { caller, deps }) => {
    const row = await deps.failedRequests.get(guid, query.tenantId);
    // For this key, another tenant's does not exist.
    if (row === undefined || !mayActFor(caller, row.tenantId)) {
      throw notFound(`There is no failed request ${guid}.`);
    }
    const [delivery, replay] = await Promise.all([
      row.kind === 'message' ? deps.deliveries.get(deliveryIdOf(row)) : undefined,
      row.replayId === undefined ? undefined : deps.replays.get(row.replayId),
    ]);
    const { waits } = deps.settings;
    return ok({
      failedRequest: viewOfRow(row),
      delivery: delivery === undefined ? null : viewOfDelivery(delivery, waits, deps.clock()),
      replay: replay === undefined ? null : viewOfReplay(replay),
    });
  },
});

const purgeSelected = route({
  method: 'POST',
  path: '/failed-requests/purge',
  role: 'operator',
  summary: 'Deletes failed requests permanently',
  request: z.object({
    body: z.strictObject({
      ...selectionFields,
      status: statusSchema.exclude(['replaying']).default('failed'),
      confirm: z.string().optional(),
      cursor: cursorField,
    }),
  }),
  answers: { 200: purgeAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => {
    const { status, confirm, cursor, ...fields } = body;
    const selection = await selectionOf(fields, call);
    repeatedTenant(confirm, selection.tenantId, 'what is purged cannot be replayed');
    const result = await purge(selection, status, cursor, call.deps);
    call.deps.observe.warn('failed requests were purged', {
      tenantId: selection.tenantId,
      count: result.purged,
      code: call.caller.name,
    });
    return ok(result);
  },
});

export const failedRequestRoutes: readonly Route[] = [list, show, purgeSelected];
