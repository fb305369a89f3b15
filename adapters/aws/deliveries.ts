import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deliverySchema } from '../../domain/delivery/delivery.ts';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import { fromItem, toItem } from './items.ts';
import { recipientAttributes } from './message-owners.ts';
import { openAttributes } from './open-deliveries.ts';
import { versionedTable } from './versioned-table.ts';

/**
 * Table `Deliveries`: key `delivery_id`, a delivery's fields in snake case as its attributes, times in
 * ms since 1970, `expire_ts` in seconds for the table's own expiry. Those that wait for a final status
 * are in the index `open`, Twilio's in the index `by_recipient`.
 */
export const deliveries = (client: DynamoDBDocumentClient, table: string): Deliveries =>
  versionedTable(client, {
    dependency: 'deliveries',
    table,
    key: 'delivery_id',
    write: (delivery) => ({
      ...toItem(delivery),
      ...openAttributes(delivery),
      ...recipientAttributes(delivery),
    }),
    read: (item) => fromItem(deliverySchema, item),
  });
