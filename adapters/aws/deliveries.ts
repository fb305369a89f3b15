import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Delivery, deliverySchema } from '../../domain/delivery/delivery.ts';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import { fromItem, toItem } from './items.ts';
import { recipientAttributes } from './message-owners.ts';
import { openAttributes } from './open-deliveries.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'deliveries';

/**
 * Table `Deliveries`: key `delivery_id`, a delivery's fields in snake case as its attributes, times in
 * ms since 1970, `expire_ts` in seconds for the table's own expiry. Those that wait for a final status
 * are in the index `open`, Twilio's in the index `by_recipient`.
 */
export function deliveries(client: DynamoDBDocumentClient, table: string): Deliveries {
  const key = 'delivery_id';
  const itemOf = (delivery: Delivery) => ({
    ...toItem(delivery),
    ...openAttributes(delivery),
    ...recipientAttributes(delivery),
  });
  return {
    insert: (delivery) =>
      putIf(client, {
        dependency,
        table,
        key,
        item: itemOf(delivery),
        condition: 'attribute_not_exists(delivery_id)',
      }),
    get: async (deliveryId): Promise<Delivery | undefined> => {
      const item = await getItem(client, { dependency, table, key: { [key]: deliveryId } });
      return item && fromItem(deliverySchema, item);
    },
    swap: (next) =>
      putIf(client, {
        dependency,
        table,
        key,
        item: itemOf(next),
        condition: 'version = :read',
        values: { ':read': next.version - 1 },
      }),
  };
}
