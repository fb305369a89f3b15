import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

/** All items of a query whose answer is small, page by page. */
export async function queryAll(
  client: DynamoDBDocumentClient,
  dependency: string,
  query: QueryCommandInput,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const input = { ...query, ...(after ? { ExclusiveStartKey: after } : {}) };
    const page = await orUnavailable(dependency, () => client.send(new QueryCommand(input)));
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  return items;
}
