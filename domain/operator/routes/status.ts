import * as z from 'zod';
import { statusAnswer } from '../answers/status.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';
import { statusOf } from '../status.ts';

const show = route({
  method: 'GET',
  path: '/status',
  role: 'viewer',
  summary: 'Shows what is in progress for a tenant, and what holds it up',
  request: z.object({ query: z.strictObject({ tenantId: tenantField }) }),
  answers: { 200: statusAnswer },
  refusals: [404, 422],
  handle: async ({ query }, call) =>
    ok(await statusOf(await checkedTenant(query.tenantId, call), call.deps)),
});

export const statusRoutes: readonly Route[] = [show];
