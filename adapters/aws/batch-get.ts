import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

/** DynamoDB's limit of keys in one request. */
const KEYS = 100;
const CONCURRENT = 4;
/** Requests in which nothing was read before the table counts as down; each is retried by the SDK too. */
const ROUNDS = 5;

/** The items of many keys, read consistently, in no order; keys without an item are left out. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  {
    dependency,
    table,
    keys,
  }: { readonly dependency: string; readonly table: string; readonly keys: readonly Item[] },
): Promise<Item[]> {
  const chunks = Array.from({ length: Math.ceil(keys.length / KEYS) }, (_, at) =>
    keys.slice(at * KEYS, (at + 1) * KEYS),
  );
  const readChunk = async (chunk: readonly Item[]): Promise<Item[]> => {
    const items: Item[] = [];
    let left: Item[] = [...chunk];
    for (let round = 0; left.length > 0; round++) {
      if (round === ROUNDS) throw new Unavailable(dependency);
      const answer = await orUnavailable(dependency, () =>
        client.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
        ),
      );
      const read = answer.Responses?.[table] ?? [];
      items.push(...read);
      if (read.length > 0) round = -1;
      left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return items;
  };
  return (await pMap(chunks, readChunk, { concurrency: CONCURRENT })).flat();
}
