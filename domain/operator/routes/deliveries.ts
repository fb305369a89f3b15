import * as z from 'zod';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import { notFound } from '../../refused.ts';
import { deliveryAnswer } from '../answers/deliveries.ts';
import { checkedTenant, guidField, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';
import { viewOfDelivery } from '../views.ts';

const show = route({
  method: 'GET',
  path: '/deliveries/{guid}',
  role: 'viewer',
  summary: 'Shows what happened to one message',
  request: z.object({
    params: z.object({ guid: guidField }),
    query: z.object({ tenantId: tenantField }),
  }),
  answers: { 200: deliveryAnswer },
  refusals: [404, 422],
  handle: async ({ params: { guid }, query }, call) => {
    const { deps } = call;
    const tenantId = await checkedTenant(query.tenantId, call);
    const delivery = await deps.deliveries.get(deliveryIdOf({ tenantId, guid }));
    if (delivery === undefined) throw notFound(`There is no delivery ${guid} of this tenant.`);
    return ok(viewOfDelivery(delivery, deps.settings.waits, deps.clock()));
  },
});

export const deliveryRoutes: readonly Route[] = [show];
