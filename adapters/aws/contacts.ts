import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { templateSchema } from '../../domain/agents/contacts/contact.ts';
import type { ContactCopy, CopyState } from '../../domain/agents/contacts/ports.ts';
import { DAY, SECOND } from '../../domain/clock.ts';
import type { Observe } from '../../domain/observe.ts';
import { contactIndex, readContact } from './contact-index.ts';
import {
  contactItem,
  fitContact,
  isContactId,
  isTemplateFit,
  type Misfit,
  templateItems,
} from './contact-items.ts';
import { formerIds } from './former-ids.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'contacts';
/** How long a removed contact keeps its place in lists. */
const PLACE_KEPT = DAY;
/** The partition with one item per tenant: how recent its copy is. Not a valid tenant id. */
const STATES = '*';

const chunkSchema = z.object({ item_id: z.string(), templates: z.array(templateSchema) });
const stateSchema = z.object({
  requested_at: z.number().optional(),
  refreshed_at: z.number().optional(),
  full_at: z.number().optional(),
});

/** What is left out of the copy, by what does not fit. */
const leftOut: Readonly<Record<Misfit | 'template-too-large', string>> = {
  'too-large':
    'A contact is larger than 400 KB: its long texts are cut, and its further columns may be left out.',
  'owner-too-long': "A contact's owner is too long: the contact is not in the owner's list.",
  'id-too-long': "A contact's id is too long: the contact is left out of the copy.",
  'template-too-large': 'A template is larger than 400 KB: it is left out of the copy.',
};

/** Table `Contacts`: key `tenant_id` and `item_id`, indexes `by_owner`, `by_phone`, `by_whatsapp`. */
export function contacts(
  client: DynamoDBDocumentClient,
  table: string,
  observe: Pick<Observe, 'warn' | 'count'>,
): ContactCopy {
  const index = contactIndex(client, table);
  const noteMisfit = (tenantId: string, reason: keyof typeof leftOut) => {
    observe.warn('the copy of the contacts is not complete', {
      tenantId,
      code: reason,
      error: leftOut[reason],
    });
    observe.count('contacts_unfit', { reason });
  };
  const item = (tenantId: string, itemId: string) =>
    getItem(client, { dependency, table, key: { tenant_id: tenantId, item_id: itemId } });

  const contactOf = async (tenantId: string, id: string): Promise<Item | undefined> =>
    isContactId(id) ? item(tenantId, contactItem(id)) : undefined;

  /** True if the condition held. Repeating any of these writes has no effect. */
  const when = (write: () => Promise<unknown>): Promise<boolean> =>
    orUnavailable(dependency, async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });

  const putUnlessNewer = (next: Item, asOf: number): Promise<boolean> =>
    when(() =>
      client.send(
        new PutCommand({
          TableName: table,
          Item: next,
          ConditionExpression: 'attribute_not_exists(item_id) OR written_at <= :asOf',
          ExpressionAttributeValues: { ':asOf': asOf },
        }),
      ),
    );

  const aliases = formerIds({ get: item, putUnlessNewer });

  const updateState = (
    tenantId: string,
    set: string,
    condition: string,
    values: Item,
  ): Promise<boolean> =>
    when(() =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { tenant_id: STATES, item_id: tenantId },
          UpdateExpression: set,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );

  const chunks = async (tenantId: string) => {
    const found: z.infer<typeof chunkSchema>[] = [];
    for await (const page of index.partition(tenantId, 'templates#')) {
      found.push(...page.map((one) => chunkSchema.parse(one)));
    }
    return found;
  };

  return {
    get: async (tenantId, id) => readContact(await contactOf(tenantId, id)),
    findByFormerId: async (tenantId, formerId) => {
      const id = await aliases.contactIdOf(tenantId, formerId);
      const contact = id === undefined ? id : readContact(await contactOf(tenantId, id));
      // The column can be edited, which leaves an old alias behind.
      return contact?.formerId === formerId ? contact : undefined;
    },
    findByNumber: index.findByNumber,
    page: async (tenantId, query) => {
      if (query.after === undefined) return index.page(tenantId, query, undefined);
      const place = z
        .object({ list_key: z.string() })
        .safeParse(await contactOf(tenantId, query.after));
      return place.success
        ? index.page(tenantId, query, place.data.list_key)
        : { contacts: [], more: false };
    },
    all: async function* (tenantId) {
      for await (const page of index.partition(tenantId, 'contact#')) {
        yield page.flatMap((one) => readContact(one) ?? []);
      }
    },
    put: async (tenantId, contact, asOf) => {
      const { item: fitting, misfits } = fitContact(tenantId, contact, asOf);
      for (const misfit of misfits) noteMisfit(tenantId, misfit);
      if (fitting === undefined) return false;
      // First, because an unchanged contact of the copy is not written again.
      await aliases.put(tenantId, contact, asOf);
      return putUnlessNewer(fitting, asOf);
    },
    remove: async (tenantId, id, asOf) => {
      if (!isContactId(id)) return false;
      const before = await contactOf(tenantId, id);
      const place = before?.list_key;
      const contact = readContact(before);
      if (contact !== undefined) await aliases.put(tenantId, contact, asOf, asOf + PLACE_KEPT);
      return putUnlessNewer(
        {
          tenant_id: tenantId,
          item_id: contactItem(id),
          written_at: asOf,
          expire_ts: Math.ceil((asOf + PLACE_KEPT) / SECOND),
          ...(place === undefined ? {} : { list_key: place }),
        },
        asOf,
      );
    },
    templates: async (tenantId) => (await chunks(tenantId)).flatMap((chunk) => chunk.templates),
    putTemplates: async (tenantId, templates) => {
      const before = await chunks(tenantId);
      const fitting = templates.filter((template) => {
        const isFit = isTemplateFit(tenantId, template);
        if (!isFit) noteMisfit(tenantId, 'template-too-large');
        return isFit;
      });
      const present = before.flatMap((chunk) => chunk.templates);
      if (JSON.stringify(present) === JSON.stringify(fitting)) return;
      for (const chunk of templateItems(tenantId, fitting, before.length)) {
        await orUnavailable(dependency, () =>
          client.send(new PutCommand({ TableName: table, Item: chunk })),
        );
      }
    },
    state: async (tenantId): Promise<CopyState> => {
      const state = stateSchema.parse((await item(STATES, tenantId)) ?? {});
      return {
        ...(state.requested_at === undefined ? {} : { requestedAt: state.requested_at }),
        ...(state.refreshed_at === undefined ? {} : { refreshedAt: state.refreshed_at }),
        ...(state.full_at === undefined ? {} : { fullAt: state.full_at }),
      };
    },
    claimRefresh: (tenantId, now, notSince) =>
      updateState(
        tenantId,
        'SET requested_at = :now',
        'attribute_not_exists(requested_at) OR requested_at <= :notSince',
        { ':now': now, ':notSince': notSince },
      ),
    refreshed: async (tenantId, startedAt, full) => {
      await updateState(
        tenantId,
        `SET refreshed_at = :at${full ? ', full_at = :at' : ''}`,
        'attribute_not_exists(refreshed_at) OR refreshed_at < :at',
        { ':at': startedAt },
      );
    },
    tenants: async () => {
      const found: string[] = [];
      for await (const page of index.partition(STATES, '')) {
        found.push(...page.map((one) => z.object({ item_id: z.string() }).parse(one).item_id));
      }
      return found;
    },
  };
}
