import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { CheckedRecords } from '../../domain/campaigns/check.ts';
import { type CheckStates, checkStateSchema } from '../../domain/campaigns/check-run.ts';
import { type Counted, countedSchema } from '../../domain/campaigns/counted.ts';
import type { Clock } from '../../domain/clock.ts';
import { SECOND } from '../../domain/clock.ts';
import { storedTotals } from './campaign-records.ts';
import { fromItem, type Item, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { COUNT, factsOf, totalsItemKey } from './totals.ts';

const dependency = 'campaigns';
/** Parts of the table of deliveries that are read at once. */
const SEGMENTS = 8;

type Tables = { readonly deliveries: string; readonly campaigns: string };

export function checkedRecords(
  client: DynamoDBDocumentClient,
  tables: Tables,
  keeping: { readonly clock: Clock; readonly ttlSeconds: number },
): CheckedRecords {
  const pages = async function* (input: ScanCommandInput) {
    let from: ScanCommandOutput['LastEvaluatedKey'];
    do {
      const page: ScanCommandOutput = await orUnavailable(dependency, () =>
        client.send(new ScanCommand({ ...input, ...(from ? { ExclusiveStartKey: from } : {}) })),
      );
      yield page.Items ?? [];
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };

  return {
    deliveries: () =>
      merged(
        Array.from({ length: SEGMENTS }, (_, Segment) =>
          pages({ TableName: tables.deliveries, Segment, TotalSegments: SEGMENTS }),
        ),
        (items) => items.flatMap(readable),
      ),
    totals: async () => {
      const found: Awaited<ReturnType<CheckedRecords['totals']>>[number][] = [];
      for await (const items of pages({ TableName: tables.campaigns, ConsistentRead: true })) {
        for (const item of items.filter((each) => 'hour' in each)) {
          found.push({ ...storedTotals(item), changes: Number(item.changes ?? 0) });
        }
      }
      return found;
    },
    replace: (key, counts, changes) =>
      orUnavailable(dependency, async () => {
        const cleared = changes === 0 ? {} : await clearedCounts(client, tables.campaigns, key);
        const named = Object.entries(counts).map(([name, count]) => [COUNT + name, count]);
        const values: Item = {
          ...factsOf(key, keeping.clock(), keeping.ttlSeconds),
          ...cleared,
          ...Object.fromEntries(named),
        };
        return setIf(client, tables.campaigns, totalsItemKey(key), values, changes);
      }),
  };
}

/** A delivery, if the item is one that can be read: one that cannot was not counted either, see totals-dlq. */
function readable(item: Item): Counted[] {
  if (!('guid' in item && 'status' in item)) return [];
  try {
    return [fromItem(countedSchema, item)];
  } catch {
    return [];
  }
}

/** Sets attributes of an item that was changed so often, and not since. */
async function setIf(
  client: DynamoDBDocumentClient,
  table: string,
  key: Item,
  values: Item,
  changes: number,
): Promise<boolean> {
  const all = Object.entries({ ...values, changes: changes + 1 });
  const isNew = changes === 0;
  try {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: `SET ${all.map((_, at) => `#n${at} = :v${at}`).join(', ')}`,
        ConditionExpression: isNew ? 'attribute_not_exists(#changes)' : '#changes = :changes',
        ExpressionAttributeNames: {
          '#changes': 'changes',
          ...Object.fromEntries(all.map(([name], at) => [`#n${at}`, name])),
        },
        ExpressionAttributeValues: {
          ...(isNew ? {} : { ':changes': changes }),
          ...Object.fromEntries(all.map(([, value], at) => [`:v${at}`, value])),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** The names of an item's counts, each with 0: what is not set again is then none. */
async function clearedCounts(
  client: DynamoDBDocumentClient,
  table: string,
  key: Parameters<typeof totalsItemKey>[0],
): Promise<Item> {
  const { Item: item = {} } = await client.send(
    new GetCommand({ TableName: table, Key: totalsItemKey(key), ConsistentRead: true }),
  );
  const names = Object.keys(item).filter((name) => name.startsWith(COUNT));
  return Object.fromEntries(names.map((name) => [name, 0]));
}

/** The pages of several sources, as they come. */
async function* merged<T, R>(
  sources: readonly AsyncGenerator<T>[],
  read: (page: T) => R,
): AsyncGenerator<R> {
  const next = (source: AsyncGenerator<T>) => source.next().then((result) => ({ source, result }));
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  while (waiting.size > 0) {
    const { source, result } = await Promise.race(waiting.values());
    if (result.done) waiting.delete(source);
    else {
      waiting.set(source, next(source));
      yield read(result.value);
    }
  }
}

/** The item of table `Campaigns` that says how far checks are. No tenant's id begins with `#`. */
const stateKey = { campaign: '#check', bucket: 'state' };

export const checkStates = (
  client: DynamoDBDocumentClient,
  table: string,
  keeping: { readonly clock: Clock; readonly ttlSeconds: number },
): CheckStates => ({
  get: async () => {
    const { Item: item } = await orUnavailable(dependency, () =>
      client.send(new GetCommand({ TableName: table, Key: stateKey, ConsistentRead: true })),
    );
    return item === undefined ? {} : fromItem(checkStateSchema, item);
  },
  put: async (state) => {
    const expire_ts = Math.ceil(keeping.clock() / SECOND) + keeping.ttlSeconds;
    const item = { ...toItem(state), ...stateKey, expire_ts };
    await orUnavailable(dependency, () =>
      client.send(new PutCommand({ TableName: table, Item: item })),
    );
  },
});
