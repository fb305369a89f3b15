import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CursorRefused, decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import {
  type FailedRequest,
  failedRequestSchema,
  listedRequestSchema,
} from '../../domain/failed-requests/failed-request.ts';
import type {
  AsRead,
  FailedRequestQuery,
  FailedRequests,
} from '../../domain/failed-requests/ports.ts';
import { batchGet } from './batch-get.ts';
import { fitRow } from './fit-row.ts';
import { fromItem, type Item, toItem } from './items.ts';
import { isOldRow, readOldRow } from './old-row.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'failed-requests';
const positionSchema = z.object({ guid: z.string(), insert_ts: z.string() });

/** Partition of the index `by_status`; its sort key is `insert_ts`, and it holds all but the body. */
export const tenantStatus = (of: Pick<FailedRequest, 'tenantId' | 'status'>) =>
  `${of.tenantId}#${of.status}`;

const readRow = (item: Item): FailedRequest =>
  isOldRow(item) ? readOldRow(item) : fromItem(failedRequestSchema, item);

type Settled = Exclude<FailedRequest['status'], 'replaying'>;

/** Partition of the sparse index `by_replay`: what became of what a replay has taken, once that is known. */
export const replayStatus = (replayId: string, status: Settled) => `${replayId}#${status}`;

/** The key of a request whose guid another tenant used first; no guid of CI360's holds a `#`. */
const apart = ({ tenantId, guid }: Pick<FailedRequest, 'tenantId' | 'guid'>) =>
  `${tenantId}#${guid}`;

const toRow = (request: FailedRequest): Item => ({
  ...toItem(fitRow(request)),
  tenant_status: tenantStatus(request),
  ...(request.replayId === undefined || request.status === 'replaying'
    ? {}
    : { replay_status: replayStatus(request.replayId, request.status) }),
});

/** Holds while nobody has changed the request since it was read. */
const unchanged = (previous: AsRead) => ({
  names: { '#status': 'status' },
  condition: 'tenant_id = :tenant AND #status = :status AND replays = :replays',
  values: {
    ':tenant': previous.tenantId,
    ':status': previous.status,
    ':replays': previous.replays,
  },
});

/** The query is ours, so what the table refuses about it can only be a position that someone made up. */
const isRefused = (error: unknown) =>
  error instanceof Error && error.name === 'ValidationException';

function windowOf({ since, until }: FailedRequestQuery): { condition: string; values: Item } {
  if (since !== undefined && until !== undefined) {
    return {
      condition: ' AND insert_ts BETWEEN :since AND :until',
      values: { ':since': since, ':until': until },
    };
  }
  if (since !== undefined)
    return { condition: ' AND insert_ts >= :since', values: { ':since': since } };
  if (until !== undefined)
    return { condition: ' AND insert_ts <= :until', values: { ':until': until } };
  return { condition: '', values: {} };
}

/** Table `FailedRequests`: key `guid`, indexes `by_status` and `by_replay`. Attributes as in the SAS connector, see `FailedRequest`. */
export function failedRequests(client: DynamoDBDocumentClient, table: string): FailedRequests {
  const key = 'guid';
  const read = async (guid: string): Promise<FailedRequest | undefined> => {
    const item = await getItem(client, { dependency, table, key: { guid } });
    return item && readRow(item);
  };
  const put = (request: FailedRequest) =>
    putIf(client, {
      dependency,
      table,
      key,
      item: toRow(request),
      // A row of an older connector has the guid of an event that was posted again: ours takes its place.
      condition: 'attribute_not_exists(guid) OR attribute_not_exists(tenant_id)',
    });

  return {
    add: async (request) => {
      if (await put(request)) return 'added';
      const first = await read(request.guid);
      if (first?.tenantId === request.tenantId) return 'exists';
      // Gone between the put and the read: the place is free again.
      if (first === undefined && (await put(request))) return 'added';
      return (await put({ ...request, guid: apart(request) })) ? 'added' : 'exists';
    },
    get: async (guid, tenantId) => {
      const found = await read(guid);
      if (tenantId === undefined || found?.tenantId === tenantId) return found;
      return read(apart({ guid, tenantId }));
    },
    getMany: async (guids) => {
      const items = await batchGet(client, {
        dependency,
        table,
        keys: [...new Set(guids)].map((guid) => ({ guid })),
      });
      const found = new Map(items.map(readRow).map((request) => [request.guid, request]));
      return guids.flatMap((guid) => found.get(guid) ?? []);
    },
    swap: (previous, next) => {
      const item = toRow({ ...next, guid: previous.guid });
      return putIf(client, { dependency, table, key, item, ...unchanged(previous) });
    },
    remove: (previous) =>
      orUnavailable(dependency, async () => {
        const { condition, names, values } = unchanged(previous);
        try {
          await client.send(
            new DeleteCommand({
              TableName: table,
              Key: { guid: previous.guid },
              ConditionExpression: `attribute_not_exists(guid) OR (${condition})`,
              ExpressionAttributeNames: names,
              ExpressionAttributeValues: values,
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
    list: async (query, { limit, cursor }) => {
      // The table refuses such a window in place of finding nothing in it.
      if (query.since !== undefined && query.until !== undefined && query.since > query.until) {
        return { items: [] };
      }
      const partition = tenantStatus(query);
      const window = windowOf(query);
      const from = cursor === undefined ? undefined : decodeCursor(query, cursor, positionSchema);
      const command = new QueryCommand({
        TableName: table,
        IndexName: 'by_status',
        KeyConditionExpression: `tenant_status = :partition${window.condition}`,
        ExpressionAttributeValues: { ':partition': partition, ...window.values },
        ScanIndexForward: query.order !== 'newest-first',
        Limit: limit,
        ...(from ? { ExclusiveStartKey: { ...from, tenant_status: partition } } : {}),
      });
      const page = await orUnavailable(dependency, async () => {
        try {
          return await client.send(command);
        } catch (error) {
          if (from && isRefused(error)) return undefined;
          throw error;
        }
      });
      if (page === undefined) throw new CursorRefused();
      const last = page.LastEvaluatedKey;
      return {
        items: (page.Items ?? []).map((item) =>
          isOldRow(item)
            ? listedRequestSchema.parse({ ...readOldRow(item), tenantId: query.tenantId })
            : fromItem(listedRequestSchema, item),
        ),
        ...(last ? { cursor: encodeCursor(query, positionSchema.parse(last)) } : {}),
      };
    },
  };
}
