import * as z from 'zod';
import { DAY } from '../../clock.ts';
import { auditAnswer } from '../answers/audit.ts';
import { checkedTenant, cursorField, limitField, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';

const PAGE = 100;
/** How far back the list reaches without `since`. */
const DEFAULT_DAYS = 7;

const list = route({
  method: 'GET',
  path: '/audit',
  role: 'compliance',
  summary: 'Lists who changed what, from where, and what came of it',
  request: z.object({
    query: z.strictObject({
      tenantId: tenantField,
      since: z.iso.datetime({ offset: true }).optional(),
      limit: limitField.default(PAGE),
      cursor: cursorField,
    }),
  }),
  answers: { 200: auditAnswer },
  refusals: [400, 404, 422],
  handle: async ({ query: { tenantId: named, since, ...page } }, call) => {
    const tenantId = await checkedTenant(named, call);
    const { audit, clock } = call.deps;
    const from = since === undefined ? clock() - DEFAULT_DAYS * DAY : Date.parse(since);
    const { items, cursor } = await audit.list(tenantId, from, page);
    return ok({
      items: items.map(({ entryId: _id, at, ...entry }) => ({
        ...entry,
        at: new Date(at).toISOString(),
        isFinished: entry.status !== undefined,
      })),
      ...(cursor === undefined ? {} : { cursor }),
    });
  },
});

export const auditRoutes: readonly Route[] = [list];
