import * as z from 'zod';
import { channels } from '../../outbound/channel.ts';
import { personErasureAnswer, personExportAnswer } from '../answers/people.ts';
import { cursorField, tenantField } from '../fields.ts';
import { erasePerson, exportPerson } from '../people.ts';
import { ok, type Route, route } from '../route.ts';

// The number is in the body, because the addresses of requests are logged on their way.
const personFields = {
  tenantId: tenantField,
  address: z.string().trim().min(1).max(256),
  /** Whose address it is; needed only where the address does not say and is no number. */
  channel: z.enum(channels).optional(),
  cursor: cursorField,
};

const exportRoute = route({
  method: 'POST',
  path: '/people/export',
  role: 'compliance',
  summary: 'Shows everything that is stored about a person, with number and texts in full',
  request: z.object({ body: z.strictObject(personFields) }),
  answers: { 200: personExportAnswer },
  refusals: [400, 404, 422],
  handle: async ({ body }, call) => ok(await exportPerson(body, call)),
});

const eraseRoute = route({
  method: 'POST',
  path: '/people/erase',
  role: 'compliance',
  summary: 'Removes what is stored about a person; safe to repeat',
  request: z.object({
    body: z.strictObject({ ...personFields, confirm: z.string().optional() }),
  }),
  answers: { 200: personErasureAnswer },
  refusals: [400, 404, 422],
  handle: async ({ body }, call) => ok(await erasePerson(body, call)),
});

export const peopleRoutes: readonly Route[] = [exportRoute, eraseRoute];
