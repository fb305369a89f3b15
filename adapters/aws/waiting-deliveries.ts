import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WaitingKind } from '../../domain/delivery/waiting.ts';
import type { WaitingDeliveries } from '../../domain/operator/status-ports.ts';
import { OPEN_INDEX, SHARDS, waitingPartition } from './open-deliveries.ts';
import { orUnavailable } from './or-unavailable.ts';

const itemsSchema = z.array(z.object({ delivery_id: z.string(), open_since: z.number() }));

/** Counts over the tenant's partitions of the index `open`: a read of each, up to about 8,000 entries. */
export function waitingDeliveries(
  client: DynamoDBDocumentClient,
  table: string,
): WaitingDeliveries {
  const read = async (partition: string) => {
    const page = await orUnavailable('deliveries', () =>
      client.send(
        new QueryCommand({
          TableName: table,
          IndexName: OPEN_INDEX,
          KeyConditionExpression: 'open_shard = :partition',
          ExpressionAttributeValues: { ':partition': partition },
        }),
      ),
    );
    return {
      items: itemsSchema.parse(page.Items ?? []),
      hasMore: page.LastEvaluatedKey !== undefined,
    };
  };
  return {
    look: async (tenantId: string, kind: WaitingKind) => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => String(shard));
      const pages = await Promise.all(
        shards.map((shard) => read(waitingPartition(tenantId, kind, shard))),
      );
      const items = pages.flatMap((page) => page.items).sort((a, b) => a.open_since - b.open_since);
      return {
        count: items.length,
        hasMore: pages.some((page) => page.hasMore),
        oldestAt: items[0]?.open_since,
        ids: items.map((item) => item.delivery_id),
      };
    },
  };
}
