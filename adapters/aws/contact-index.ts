import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Contact, contactSchema, ownerOf } from '../../domain/agents/contacts/contact.ts';
import type { ContactPage, PageQuery } from '../../domain/agents/contacts/ports.ts';
import { isIndexKey, numberKey, ownerKey } from './contact-items.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'contacts';
/** The most contacts of one number that are read to choose one. */
const SHARING = 20;

const itemSchema = z.object({ contact: contactSchema });

/** A contact's item as the contact; undefined if there is none, or it was removed. */
export function readContact(item: Item | undefined): Contact | undefined {
  return item?.contact === undefined ? undefined : itemSchema.parse(item).contact;
}

type Query = {
  readonly index?: string;
  readonly condition: string;
  readonly filter?: string;
  readonly names?: Record<string, string>;
  readonly values: Item;
  readonly limit?: number;
};

/** The look-ups of contacts in table `Contacts`. */
export function contactIndex(client: DynamoDBDocumentClient, table: string) {
  /** Pages of items, read on demand. */
  async function* query(wanted: Query): AsyncGenerator<readonly Item[]> {
    const pages = paginateQuery(
      { client, ...(wanted.limit ? { pageSize: wanted.limit } : {}) },
      {
        TableName: table,
        ...(wanted.index ? { IndexName: wanted.index } : {}),
        KeyConditionExpression: wanted.condition,
        ...(wanted.filter ? { FilterExpression: wanted.filter } : {}),
        ExpressionAttributeValues: wanted.values,
      },
    );
    for (;;) {
      const { value, done } = await orUnavailable(dependency, () => pages.next());
      if (done) return;
      yield value?.Items ?? [];
    }
  }

  const byNumber = async (
    index: 'by_phone' | 'by_whatsapp',
    keyName: 'phone_key' | 'whatsapp_key',
    key: string,
  ): Promise<readonly Contact[]> => {
    if (!isIndexKey(key)) return [];
    const condition = `${keyName} = :key`;
    const pages = query({ index, condition, values: { ':key': key }, limit: SHARING });
    const { value = [] } = await pages.next();
    await pages.return(undefined);
    return [...(value ?? [])].flatMap((item: Item) => readContact(item) ?? []);
  };

  return {
    findByNumber: async (tenantId: string, number: string): Promise<Contact | undefined> => {
      const key = numberKey(tenantId, number);
      const found = await Promise.all([
        byNumber('by_phone', 'phone_key', key),
        byNumber('by_whatsapp', 'whatsapp_key', key),
      ]);
      return found
        .flat()
        .sort((a, b) => Number(!ownerOf(a)) - Number(!ownerOf(b)) || (a.id < b.id ? -1 : 1))[0];
    },
    /** An owner's contacts after a place in the list. */
    page: async (
      tenantId: string,
      { owner, limit, search }: PageQuery,
      after: string | undefined,
    ): Promise<ContactPage> => {
      const found: Contact[] = [];
      if (!isIndexKey(ownerKey(tenantId, owner))) return { contacts: found, more: false };
      const pages = query({
        index: 'by_owner',
        condition: `owner_key = :owner${after === undefined ? '' : ' AND list_key > :after'}`,
        values: {
          ':owner': ownerKey(tenantId, owner),
          ...(after === undefined ? {} : { ':after': after }),
          ...(search === undefined ? {} : { ':search': search.toLowerCase() }),
        },
        // One more shows whether there is another page; a search has to read more than it finds.
        ...(search === undefined
          ? { limit: limit + 1 }
          : { filter: 'contains(name_key, :search)' }),
      });
      for await (const page of pages) {
        found.push(...page.flatMap((item) => readContact(item) ?? []));
        if (found.length > limit) break;
      }
      return { contacts: found.slice(0, limit), more: found.length > limit };
    },
    /** Items of a partition whose id starts with `prefix`, in pages. */
    partition: (partition: string, prefix: string): AsyncIterable<readonly Item[]> =>
      query({
        condition: `tenant_id = :partition${prefix === '' ? '' : ' AND begins_with(item_id, :prefix)'}`,
        values: { ':partition': partition, ...(prefix === '' ? {} : { ':prefix': prefix }) },
      }),
  };
}
