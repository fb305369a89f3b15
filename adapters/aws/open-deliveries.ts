import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { isOpen, openSince } from '../../domain/delivery/status-rank.ts';
import type { OpenDeliveries } from '../../domain/feedback/ports.ts';
import { orUnavailable } from './or-unavailable.ts';

/** Index `open` of the table `Deliveries`, sparse: only deliveries that wait for a final status are in it. */
const INDEX = 'open';
/** A partition of an index takes 1,000 writes a second; so many times that is what the index takes. */
const SHARDS = 16;

/** Spreads ids evenly; the sum of a UUID's characters does. */
const shardOf = (deliveryId: string): string =>
  String([...deliveryId].reduce((sum, c) => sum + c.charCodeAt(0), 0) % SHARDS);

/** The attributes by which the index finds a delivery; none once there is nothing to wait for. */
export const openAttributes = (delivery: Delivery): Record<string, unknown> =>
  isOpen(delivery)
    ? { open_shard: shardOf(delivery.deliveryId), open_since: openSince(delivery) }
    : {};

const keysSchema = z.array(z.object({ delivery_id: z.string() }));

const PAGE = 100;

export function openDeliveries(client: DynamoDBDocumentClient, table: string): OpenDeliveries {
  const query = (shard: number, before: number, after: QueryCommandOutput['LastEvaluatedKey']) =>
    orUnavailable('deliveries', () =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: INDEX,
          KeyConditionExpression: 'open_shard = :shard AND open_since < :before',
          ExpressionAttributeValues: { ':shard': String(shard), ':before': before },
          Limit: PAGE,
          ...(after ? { ExclusiveStartKey: after } : {}),
        }),
      ),
    );

  return {
    pages: async function* (before, start) {
      for (let n = 0; n < SHARDS; n += 1) {
        let after: QueryCommandOutput['LastEvaluatedKey'];
        do {
          const page: QueryCommandOutput = await query((start + n) % SHARDS, before, after);
          yield keysSchema.parse(page.Items ?? []).map(({ delivery_id }) => delivery_id);
          after = page.LastEvaluatedKey;
        } while (after);
      }
    },
  };
}
