import * as z from 'zod';
import { searchPositionSchema, type TermKind } from '../../campaigns/message-terms.ts';
import { decodeCursor, encodeCursor } from '../../cursor.ts';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import { invalid, notFound } from '../../refused.ts';
import { foundMessagesAnswer, messageStoryAnswer } from '../answers/messages.ts';
import { checkedTenant, cursorField, guidField, limitField, tenantField } from '../fields.ts';
import { findMessages, storyOf, type Wanted } from '../find-messages.ts';
import { type Call, ok, type Route, route } from '../route.ts';
import { viewOfDelivery, viewOfRow } from '../views.ts';

const term = z.string().trim().min(1).max(256).optional();
const fields = {
  tenantId: tenantField,
  guid: guidField.optional(),
  number: term,
  identity: term,
  task: term,
  messageId: term,
  limit: limitField.max(100, 'is a whole number from 1 to 100').default(20),
  cursor: cursorField,
};

const kinds: Readonly<Record<string, TermKind | 'guid'>> = {
  guid: 'guid',
  number: 'number',
  identity: 'identity',
  task: 'task',
  messageId: 'message',
};

type Query = z.output<z.ZodObject<typeof fields>>;

/** The one thing that is searched for. */
function wantedIn(query: Query): Wanted {
  const given = Object.entries(query).flatMap(([name, value]) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    return kind === undefined || typeof value !== 'string' ? [] : [{ kind, value }];
  });
  const [only, ...others] = given;
  if (only === undefined || others.length > 0) {
    throw invalid('guid', 'or number, identity, task or messageId is needed, and only one of them');
  }
  return only;
}

async function find({ limit, cursor, ...query }: Query, call: Call) {
  const wanted = wantedIn({ limit, ...query });
  const tenantId = await checkedTenant(query.tenantId, call);
  const about = { tenantId, kind: wanted.kind, value: wanted.value };
  const from = cursor === undefined ? undefined : decodeCursor(about, cursor, searchPositionSchema);
  const { answer, next } = await findMessages(tenantId, wanted, { limit, from }, call.deps);
  // The cursor can be read by whoever gets it: by number, it is of the caller's own number.
  return ok({ ...answer, ...(next === undefined ? {} : { cursor: encodeCursor(about, next) }) });
}

const search = route({
  method: 'GET',
  path: '/messages',
  role: 'viewer',
  summary: 'Finds messages by guid, number, identity, task or the provider’s message id',
  request: z.object({ query: z.strictObject(fields) }),
  answers: { 200: foundMessagesAnswer },
  refusals: [404, 409, 422],
  handle: ({ query }, call) => find(query, call),
});

const searchInBody = route({
  method: 'POST',
  path: '/messages/find',
  role: 'viewer',
  summary:
    'The same with the fields in the body: addresses of requests, and so numbers, are logged on their way',
  request: z.object({ body: z.strictObject(fields) }),
  answers: { 200: foundMessagesAnswer },
  refusals: [404, 409, 422],
  handle: ({ body }, call) => find(body, call),
});

const show = route({
  method: 'GET',
  path: '/messages/{guid}',
  role: 'viewer',
  summary: 'Shows what happened to one message, in the order of time',
  request: z.object({
    params: z.object({ guid: guidField }),
    query: z.object({ tenantId: tenantField }),
  }),
  answers: { 200: messageStoryAnswer },
  refusals: [404, 422],
  handle: async ({ params: { guid }, query }, call) => {
    const { deps } = call;
    const tenantId = await checkedTenant(query.tenantId, call);
    const [delivery, row] = await Promise.all([
      deps.deliveries.get(deliveryIdOf({ tenantId, guid })),
      deps.failedRequests.get(guid, tenantId),
    ]);
    if (delivery === undefined) {
      throw notFound(
        `There is no message ${guid} of this tenant. It may still be in the queue, or older than delivery_ttl.`,
      );
    }
    const own = row?.tenantId === tenantId && row.kind === 'message' ? row : undefined;
    return ok({
      message: viewOfDelivery(delivery, deps.settings.waits, deps.clock()),
      failedRequest: own === undefined ? null : viewOfRow(own),
      story: storyOf(delivery, own),
    });
  },
});

export const messageRoutes: readonly Route[] = [search, searchInBody, show];
