import * as z from 'zod';
import { accessAnswer, operatorRoles } from '../answers/access.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';

const show = route({
  method: 'GET',
  path: '/access',
  role: 'viewer',
  summary: 'Shows what the key of the request may do, and for which tenants',
  request: z.object({
    query: z.strictObject({ tenantId: tenantField }),
    headers: z.record(z.string(), z.string()),
  }),
  answers: { 200: accessAnswer },
  refusals: [404, 422],
  handle: async ({ query, headers }, call) => {
    const { caller, deps } = call;
    const { tenants } = caller;
    const mustName = tenants === '*' || tenants.length > 1;
    const tenantId =
      query.tenantId === undefined && mustName ? null : await checkedTenant(query.tenantId, call);
    const held = await Promise.all(
      operatorRoles.map(async (role) =>
        (await deps.authenticate(headers, role)) === undefined ? [] : [role],
      ),
    );
    return ok({
      caller: caller.name,
      roles: held.flat(),
      tenants: tenants === '*' ? tenants : [...tenants],
      tenantId,
    });
  },
});

export const accessRoutes: readonly Route[] = [show];
