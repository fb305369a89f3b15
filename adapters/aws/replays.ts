import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import type { ReplayOutcomes, Replays } from '../../domain/replay/ports.ts';
import { listedReplaySchema, replaySchema } from '../../domain/replay/replay.ts';
import { replayStatus, tenantStatus } from './failed-requests.ts';
import { fromItem, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { versionedTable } from './versioned-table.ts';

const dependency = 'replays';
const positionSchema = z.object({ replay_id: z.string(), created_at: z.number() });

/**
 * Table `Replays`: key `replay_id`, a replay's fields in snake case as its attributes, times in ms
 * since 1970; index `by_tenant` by time, which holds all but the place in the selection.
 */
export function replays(client: DynamoDBDocumentClient, table: string): Replays {
  const { insert, get, swap } = versionedTable(client, {
    dependency,
    table,
    key: 'replay_id',
    write: toItem,
    read: (item) => fromItem(replaySchema, item),
  });
  return {
    insert,
    get,
    swap,
    list: async (tenantId, { limit, cursor }) => {
      const query = { tenantId };
      const from = cursor === undefined ? undefined : decodeCursor(query, cursor, positionSchema);
      const page = await orUnavailable(dependency, () =>
        client.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'by_tenant',
            KeyConditionExpression: 'tenant_id = :tenant',
            ExpressionAttributeValues: { ':tenant': tenantId },
            ScanIndexForward: false,
            Limit: limit,
            ...(from ? { ExclusiveStartKey: { ...from, tenant_id: tenantId } } : {}),
          }),
        ),
      );
      const last = page.LastEvaluatedKey;
      return {
        items: (page.Items ?? []).map((item) => fromItem(listedReplaySchema, item)),
        ...(last ? { cursor: encodeCursor(query, positionSchema.parse(last)) } : {}),
      };
    },
  };
}

/**
 * Counts over the index `by_replay` of the failed requests, about 8,000 a read. What is on its way is
 * not in that index; it is looked for among the tenant's requests `replaying`, no further than the first.
 */
export function replayOutcomes(client: DynamoDBDocumentClient, table: string): ReplayOutcomes {
  const counts = async function* (query: Omit<QueryCommandInput, 'TableName' | 'Select'>) {
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page: QueryCommandOutput = await orUnavailable('failed-requests', () =>
        client.send(
          new QueryCommand({
            ...query,
            TableName: table,
            Select: 'COUNT',
            ...(from ? { ExclusiveStartKey: from } : {}),
          }),
        ),
      );
      yield page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };
  const count = async (partition: string): Promise<number> => {
    let total = 0;
    const pages = counts({
      IndexName: 'by_replay',
      KeyConditionExpression: 'replay_status = :partition',
      ExpressionAttributeValues: { ':partition': partition },
    });
    for await (const found of pages) total += found;
    return total;
  };
  return {
    count: async (replayId) => {
      const [resolved, failed] = await Promise.all([
        count(replayStatus(replayId, 'resolved')),
        count(replayStatus(replayId, 'failed')),
      ]);
      return { resolved, failed };
    },
    isUnderWay: async ({ tenantId, replayId }) => {
      const pages = counts({
        IndexName: 'by_status',
        KeyConditionExpression: 'tenant_status = :partition',
        FilterExpression: 'replay_id = :replay',
        ExpressionAttributeValues: {
          ':partition': tenantStatus({ tenantId, status: 'replaying' }),
          ':replay': replayId,
        },
      });
      for await (const found of pages) if (found > 0) return true;
      return false;
    },
  };
}
