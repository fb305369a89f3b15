import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { AgentRecords } from '../../domain/agents/agent-records.ts';
import { SECOND } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'agent-records';
const key = 'record_id';

const itemSchema = z.object({
  record_id: z.string(),
  version: z.number(),
  /** JSON text. */
  data: z.string(),
  /** ms since 1970; the table's own expiry goes by `expire_ts`, in seconds. */
  expires_at: z.number(),
});

/** Table `AgentRecords`: key `record_id`. */
export function agentRecords(client: DynamoDBDocumentClient, table: string): AgentRecords {
  return {
    get: async (id) => {
      const item = await getItem(client, { dependency, table, key: { [key]: id } });
      if (item === undefined) return undefined;
      const { version, data, expires_at } = itemSchema.parse(item);
      return { id, version, data: parseJson(data), expiresAt: expires_at };
    },
    put: ({ id, version, data, expiresAt }) =>
      putIf(client, {
        dependency,
        table,
        key,
        item: {
          [key]: id,
          version,
          data: JSON.stringify(data),
          expires_at: expiresAt,
          // A little longer than its word: readers compare `expires_at` themselves.
          expire_ts: Math.ceil(expiresAt / SECOND) + 60,
        },
        ...(version === 1
          ? { condition: `attribute_not_exists(${key})` }
          : { condition: 'version = :read', values: { ':read': version - 1 } }),
      }),
    next: (id) =>
      orUnavailable(dependency, async () => {
        // The SDK may repeat a call whose answer was lost: that skips a number and gives none twice.
        const answer = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: { [key]: id },
            UpdateExpression: 'ADD counted :one',
            ExpressionAttributeValues: { ':one': 1 },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        return z.object({ counted: z.number() }).parse(answer.Attributes).counted;
      }),
  };
}
