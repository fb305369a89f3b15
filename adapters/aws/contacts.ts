import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  type Contact,
  displayName,
  listKey,
  ownerOf,
  templateSchema,
} from '../../domain/agents/contacts/contact.ts';
import type { ContactCopy, CopyState } from '../../domain/agents/contacts/ports.ts';
import { DAY, SECOND } from '../../domain/clock.ts';
import { contactIndex, numberKey, readContact } from './contact-index.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'contacts';
/** A contact that was removed keeps its place in lists for so long. */
const PLACE_KEPT = DAY;
/** Templates in one item, which may hold 400 KB. */
const TEMPLATES_PER_ITEM = 100;
/** The partition in which every tenant has one item: how far its copy is. No tenant is called so. */
const STATES = '*';

const chunkSchema = z.object({ item_id: z.string(), templates: z.array(templateSchema) });
const stateSchema = z.object({
  requested_at: z.number().optional(),
  refreshed_at: z.number().optional(),
  full_at: z.number().optional(),
});

const contactItem = (id: string): string => `contact#${id}`;
const templatesItem = (at: number): string => `templates#${String(at).padStart(4, '0')}`;

/** The attributes by which the indexes find a contact; an absent one keeps it out of that index. */
function toItem(tenantId: string, contact: Contact, asOf: number): Item {
  const owner = ownerOf(contact);
  return {
    tenant_id: tenantId,
    item_id: contactItem(contact.id),
    contact,
    written_at: asOf,
    name_key: displayName(contact).toLowerCase(),
    list_key: listKey(contact),
    ...(owner ? { owner_key: `${tenantId}#${owner}` } : {}),
    ...(contact.phone ? { phone_key: numberKey(tenantId, contact.phone) } : {}),
    ...(contact.whatsapp ? { whatsapp_key: numberKey(tenantId, contact.whatsapp) } : {}),
  };
}

/** Table `Contacts`: key `tenant_id` and `item_id`, indexes `by_owner`, `by_phone`, `by_whatsapp`. */
export function contacts(client: DynamoDBDocumentClient, table: string): ContactCopy {
  const index = contactIndex(client, table);
  const item = (tenantId: string, itemId: string) =>
    getItem(client, { dependency, table, key: { tenant_id: tenantId, item_id: itemId } });

  /** True when the condition held. Repeating any of these writes is without effect. */
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
    get: async (tenantId, id) => readContact(await item(tenantId, contactItem(id))),
    findByNumber: index.findByNumber,
    page: async (tenantId, query) => {
      if (query.after === undefined) return index.page(tenantId, query, undefined);
      const place = z
        .object({ list_key: z.string() })
        .safeParse(await item(tenantId, contactItem(query.after)));
      return place.success
        ? index.page(tenantId, query, place.data.list_key)
        : { contacts: [], more: false };
    },
    all: async function* (tenantId) {
      for await (const page of index.partition(tenantId, 'contact#')) {
        yield page.flatMap((one) => readContact(one) ?? []);
      }
    },
    put: (tenantId, contact, asOf) => putUnlessNewer(toItem(tenantId, contact, asOf), asOf),
    remove: async (tenantId, id, asOf) => {
      const before = await item(tenantId, contactItem(id));
      const place = before?.list_key;
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
      if (
        JSON.stringify(before.flatMap((chunk) => chunk.templates)) === JSON.stringify(templates)
      ) {
        return;
      }
      const next = Array.from(
        { length: Math.max(before.length, Math.ceil(templates.length / TEMPLATES_PER_ITEM)) },
        (_, at) => ({
          tenant_id: tenantId,
          item_id: templatesItem(at),
          templates: templates.slice(at * TEMPLATES_PER_ITEM, (at + 1) * TEMPLATES_PER_ITEM),
        }),
      );
      for (const chunk of next) {
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
