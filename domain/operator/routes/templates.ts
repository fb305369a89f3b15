import * as z from 'zod';
import { templatesAnswer } from '../answers/templates.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';
import { syncTemplates, viewOfTemplates } from '../templates.ts';

const list = route({
  method: 'GET',
  path: '/templates',
  role: 'viewer',
  summary: 'Lists the templates of a tenant, from the copy of the provider’s catalogue',
  request: z.object({ query: z.strictObject({ tenantId: tenantField }) }),
  answers: { 200: templatesAnswer },
  refusals: [404, 422],
  handle: async ({ query }, call) => {
    const tenantId = await checkedTenant(query.tenantId, call);
    return ok(viewOfTemplates(tenantId, await call.deps.templates.catalogue.cached(tenantId)));
  },
});

const sync = route({
  method: 'POST',
  path: '/templates/sync',
  role: 'operator',
  summary: 'Reads the templates of a tenant from the provider',
  request: z.object({ body: z.strictObject({ tenantId: tenantField }) }),
  answers: { 200: templatesAnswer },
  refusals: [404, 409, 422, 503],
  handle: async ({ body }, call) => {
    const tenantId = await checkedTenant(body.tenantId, call);
    return ok(viewOfTemplates(tenantId, await syncTemplates(tenantId, call.deps.templates)));
  },
});

export const templateRoutes: readonly Route[] = [list, sync];
