import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { MAX_PARTITION_KEY_BYTES, textBytes } from './item-bytes.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

export type ConditionalPut = {
  readonly dependency: string;
  readonly table: string;
  /** Names of the attributes that are the table's key. */
  readonly key: string | readonly string[];
  readonly item: Item;
  readonly condition: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
};

/** Whether the table could hold such a key. It refuses to be asked for any other. */
const isPossible = (value: unknown): boolean =>
  typeof value !== 'string' || (value !== '' && textBytes(value) <= MAX_PARTITION_KEY_BYTES);

/** One item by its key, read consistently. There is none under a key that the table cannot hold. */
export async function getItem(
  client: DynamoDBDocumentClient,
  { dependency, table, key }: { dependency: string; table: string; key: Item },
): Promise<Item | undefined> {
  if (!Object.values(key).every(isPossible)) return undefined;
  const answer = await orUnavailable(dependency, () =>
    client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true })),
  );
  return answer.Item;
}

/**
 * Puts an item if its condition holds; false if it does not.
 *
 * The SDK repeats a put whose answer was lost. The repetition then fails the condition because of what
 * the first one wrote:
 *
 *   put ──▶ written, answer lost ──▶ put again ──▶ condition failed
 *
 * So a condition that failed after a repetition is judged by what stands in the table: if that is our
 * own item, we wrote it. (Read, not ReturnValuesOnConditionCheckFailure, which the emulator ignores.)
 */
export async function putIf(client: DynamoDBDocumentClient, put: ConditionalPut): Promise<boolean> {
  return orUnavailable(put.dependency, async () => {
    try {
      await client.send(
        new PutCommand({
          TableName: put.table,
          Item: put.item,
          ConditionExpression: put.condition,
          ...(put.names ? { ExpressionAttributeNames: put.names } : {}),
          ...(put.values ? { ExpressionAttributeValues: put.values } : {}),
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if ((error.$metadata.attempts ?? 1) === 1) return false;
      const key = Object.fromEntries([put.key].flat().map((name) => [name, put.item[name]]));
      return isDeepStrictEqual(await getItem(client, { ...put, key }), put.item);
    }
  });
}
