import * as z from 'zod';
import { viewOfSender } from '../../senders/view.ts';
import { sendersAnswer } from '../answers/senders.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';

const iso = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

const list = route({
  method: 'GET',
  path: '/senders',
  role: 'viewer',
  summary: 'Lists the senders of a tenant with their limits, rates and backlogs',
  request: z.object({ query: z.strictObject({ tenantId: tenantField }) }),
  answers: { 200: sendersAnswer },
  refusals: [404, 422],
  handle: async ({ query }, call) => {
    const { deps } = call;
    const tenantId = await checkedTenant(query.tenantId, call);
    const now = deps.clock();
    const states = await deps.senders.states.list(tenantId);
    return ok({
      tenantId,
      at: new Date(now).toISOString(),
      senders: states.map((state) => {
        const {
          limit,
          rate = null,
          sentToday = null,
          backlogUntil,
          throttledAt,
          ...view
        } = viewOfSender(state, deps.senders.rates, now);
        return {
          ...view,
          limit: limit?.perSecond ?? null,
          dailyCap: limit?.dailyCap ?? null,
          rate,
          sentToday,
          backlogUntil: iso(backlogUntil),
          throttledAt: iso(throttledAt),
        };
      }),
    });
  },
});

export const senderRoutes: readonly Route[] = [list];
