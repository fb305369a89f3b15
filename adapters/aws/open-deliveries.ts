import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { isOpen, openSince } from '../../domain/delivery/status-rank.ts';
import { type WaitingKind, waitingKind } from '../../domain/delivery/waiting.ts';
import type { OpenDeliveries } from '../../domain/feedback/ports.ts';
import { orUnavailable } from './or-unavailable.ts';

/**
 * Index `open` of the table `Deliveries`, sparse: deliveries that wait for a final status, and in
 * partitions of each tenant's own those that wait for their next attempt.
 */
export const OPEN_INDEX = 'open';
/** A partition of an index takes 1,000 writes a second; so many times that is what the index takes. */
export const SHARDS = 16;

/** Spreads ids evenly; the sum of a UUID's characters does. */
const shardOf = (deliveryId: string): string =>
  String([...deliveryId].reduce((sum, c) => sum + c.charCodeAt(0), 0) % SHARDS);

/** The partition of what waits in such a way for a next attempt; no partition of sent ones holds a `#`. */
export const waitingPartition = (tenantId: string, kind: WaitingKind, shard: string): string =>
  `${kind}#${tenantId}#${shard}`;

/** The attributes by which the index finds a delivery; none once there is nothing to wait for. */
export function openAttributes(delivery: Delivery): Record<string, unknown> {
  const shard = shardOf(delivery.deliveryId);
  if (isOpen(delivery)) return { open_shard: shard, open_since: openSince(delivery) };
  const kind = waitingKind(delivery);
  if (kind === undefined) return {};
  // The same through all attempts, so that a further one costs the index nothing.
  return {
    open_shard: waitingPartition(delivery.tenantId, kind, shard),
    open_since: delivery.createdAt,
  };
}

const keysSchema = z.array(z.object({ delivery_id: z.string() }));

const PAGE = 100;

export function openDeliveries(client: DynamoDBDocumentClient, table: string): OpenDeliveries {
  const query = (shard: number, before: number, after: QueryCommandOutput['LastEvaluatedKey']) =>
    orUnavailable('deliveries', () =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: OPEN_INDEX,
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
