import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { AgentRecord, AgentRecords } from '../../domain/agents/agent-records.ts';
import { SECOND } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import { orUnavailable } from './or-unavailable.ts';
import { versionedTable } from './versioned-table.ts';

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
  const { insert, get, swap } = versionedTable<AgentRecord>(client, {
    dependency,
    table,
    key,
    write: ({ id, version, data, expiresAt }) => ({
      [key]: id,
      version,
      data: JSON.stringify(data),
      expires_at: expiresAt,
      // A little longer than that: readers compare `expires_at` themselves.
      expire_ts: Math.ceil(expiresAt / SECOND) + 60,
    }),
    read: (item) => {
      const { record_id, version, data, expires_at } = itemSchema.parse(item);
      return { id: record_id, version, data: parseJson(data), expiresAt: expires_at };
    },
  });
  return {
    get,
    put: (record) => (record.version === 1 ? insert(record) : swap(record)),
    next: (id) =>
      orUnavailable(dependency, async () => {
        // The SDK may repeat a call whose response was lost: that skips a number and returns none twice.
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
