import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Delivery, deliverySchema } from '../../domain/delivery/delivery.ts';
import type { MessageOwners } from '../../domain/delivery/ports.ts';
import { batchGet } from './batch-get.ts';
import { fromItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { putIf } from './put-if.ts';

const dependency = 'deliveries';

/** Index `by_recipient` of the table `Deliveries`, sparse: only where the provider keeps no reference of ours. */
const INDEX = 'by_recipient';
/** More deliveries to one recipient, within `delivery_ttl`, get no certain answer. */
const MOST = 1000;

/** The attribute by which the index finds a delivery. SCG is asked by our own reference and needs none. */
export const recipientAttributes = ({ provider, recipient }: Delivery): Record<string, unknown> =>
  provider === 'twilio' && recipient !== undefined ? { recipient_key: recipient } : {};

const keysSchema = z.array(z.object({ delivery_id: z.string() }));

/** Claims are items of the table `Deliveries`. No delivery's key begins with `#`, for no tenant's id does. */
const claimOf = (providerMessageId: string): string => `#message#${providerMessageId}`;

export function messageOwners(client: DynamoDBDocumentClient, table: string): MessageOwners {
  const page = (recipient: string, after: QueryCommandOutput['LastEvaluatedKey']) =>
    orUnavailable(dependency, () =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: INDEX,
          KeyConditionExpression: 'recipient_key = :recipient',
          ExpressionAttributeValues: { ':recipient': recipient },
          Limit: MOST + 1,
          ...(after ? { ExclusiveStartKey: after } : {}),
        }),
      ),
    );

  return {
    deliveriesTo: async (recipient) => {
      const keys: z.infer<typeof keysSchema> = [];
      let after: QueryCommandOutput['LastEvaluatedKey'];
      do {
        const found: QueryCommandOutput = await page(recipient, after);
        keys.push(...keysSchema.parse(found.Items ?? []));
        after = found.LastEvaluatedKey;
        if (keys.length > MOST) return undefined;
      } while (after);
      const items = await batchGet(client, { dependency, table, keys });
      return items.map((item) => fromItem(deliverySchema, item));
    },
    claim: (providerMessageId, { deliveryId, expireTs }) =>
      putIf(client, {
        dependency,
        table,
        key: 'delivery_id',
        item: {
          delivery_id: claimOf(providerMessageId),
          claimed_by: deliveryId,
          expire_ts: expireTs,
        },
        condition: 'attribute_not_exists(delivery_id) OR claimed_by = :own',
        values: { ':own': deliveryId },
      }),
  };
}
