import * as z from 'zod';
import { channels } from '../../outbound/channel.ts';
import { optOutAnswer } from '../answers/opt-outs.ts';
import { tenantField } from '../fields.ts';
import { liftOptOut, showOptOut } from '../opt-outs.ts';
import { ok, type Route, route } from '../route.ts';

const personFields = {
  tenantId: tenantField,
  address: z.string().trim().min(1).max(256),
  /** Whose address it is; needed only where the address does not say and is no number. */
  channel: z.enum(channels).optional(),
};

// The number is in the body, because the addresses of requests are logged on their way.
const show = route({
  method: 'POST',
  path: '/opt-outs/show',
  role: 'operator',
  summary: 'Shows whether and why a person is not written to',
  request: z.object({ body: z.strictObject(personFields) }),
  answers: { 200: optOutAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => ok(await showOptOut(body, call)),
});

const lift = route({
  method: 'POST',
  path: '/opt-outs/lift',
  role: 'operator',
  summary: 'Lets campaigns write to a person again, at the wish of the person',
  request: z.object({
    body: z.strictObject({ ...personFields, confirm: z.string().optional() }),
  }),
  answers: { 200: optOutAnswer },
  refusals: [404, 409, 422],
  handle: async ({ body }, call) => ok(await liftOptOut(body, call)),
});

export const optOutRoutes: readonly Route[] = [show, lift];
