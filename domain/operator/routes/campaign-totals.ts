import * as z from 'zod';
import { dimensions } from '../../campaigns/sum-up.ts';
import { campaignTotalsAnswer, listedTotalsAnswer } from '../answers/campaign-totals.ts';
import { listTotals, showTotals, totalsCsv } from '../campaign-totals.ts';
import { checkedTenant, cursorField, limitField, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';

/** A task's id or code. */
const taskField = z.string().regex(/^[^\p{Cc}]{1,256}$/u);
const dayField = z.iso.date('is a day such as 2026-11-20').optional();

const list = route({
  method: 'GET',
  path: '/campaigns',
  role: 'viewer',
  summary: 'Lists the campaigns of a tenant with their totals, the latest to start first',
  request: z.object({
    query: z.strictObject({
      tenantId: tenantField,
      limit: limitField.max(100, 'is a whole number from 1 to 100').default(20),
      cursor: cursorField,
    }),
  }),
  answers: { 200: listedTotalsAnswer },
  refusals: [404, 422],
  handle: async ({ query: { limit, cursor, ...query } }, call) =>
    ok(await listTotals(await checkedTenant(query.tenantId, call), { limit, cursor }, call.deps)),
});

const show = route({
  method: 'GET',
  path: '/campaigns/{taskId}',
  role: 'viewer',
  summary: 'Shows the totals of a campaign, as CSV where `Accept` asks for text/csv',
  request: z.object({
    params: z.object({ taskId: taskField }),
    query: z.strictObject({
      tenantId: tenantField,
      by: z.enum(dimensions, `is one of ${dimensions.join(', ')}`).optional(),
      from: dayField,
      to: dayField,
    }),
  }),
  answers: { 200: campaignTotalsAnswer },
  refusals: [404, 422],
  csv: { 200: totalsCsv },
  handle: async ({ params, query: { tenantId: named, ...query } }, call) => {
    const tenantId = await checkedTenant(named, call);
    return ok(await showTotals(tenantId, params.taskId, query, call.deps));
  },
});

export const campaignTotalsRoutes: readonly Route[] = [list, show];
