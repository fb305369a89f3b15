import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { PersonStore } from '../../domain/people/ports.ts';
import { readContact } from './contact-index.ts';
import { isIndexKey, numberKey } from './contact-items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { queryAll } from './query-all.ts';

const dependency = 'contacts';

const indexes = { by_phone: 'phone_key', by_whatsapp: 'whatsapp_key' } as const;
const keySchema = z.object({ tenant_id: z.string(), item_id: z.string() });

/** The contacts of a number in the table `Contacts`. */
export function personContacts(client: DynamoDBDocumentClient, table: string): PersonStore {
  return {
    name: 'contacts',
    find: async ({ tenantId, address }) => {
      const key = numberKey(tenantId, address);
      if (!isIndexKey(key)) return { items: [] };
      const found = await Promise.all(
        Object.entries(indexes).map(([IndexName, attribute]) =>
          queryAll(client, dependency, {
            TableName: table,
            IndexName,
            KeyConditionExpression: `${attribute} = :key`,
            ExpressionAttributeValues: { ':key': key },
          }),
        ),
      );
      const items = new Map(found.flat().map((item) => [keySchema.parse(item).item_id, item]));
      return {
        items: [...items.values()].map((item) => ({
          data: { ...readContact(item) },
          erase: async () => {
            await orUnavailable(dependency, () =>
              client.send(new DeleteCommand({ TableName: table, Key: keySchema.parse(item) })),
            );
            return 'erased';
          },
        })),
      };
    },
  };
}
