import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SECOND } from '../../domain/clock.ts';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import { type AuditLog, auditEntrySchema } from '../../domain/operator/audit.ts';
import { fromItem, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'audit';
const positionSchema = z.object({ entry_id: z.string() });

/** Table `Audit`: key `tenant_id` and `entry_id`, which begins with the time. Kept for `ttlSeconds` (`audit_ttl`). */
export function auditLog(
  client: DynamoDBDocumentClient,
  table: string,
  { ttlSeconds }: { readonly ttlSeconds: number },
): AuditLog {
  return {
    put: async (entry) => {
      const item = { ...toItem(entry), expire_ts: Math.ceil(entry.at / SECOND) + ttlSeconds };
      await orUnavailable(dependency, () =>
        client.send(new PutCommand({ TableName: table, Item: item })),
      );
    },
    list: async (tenantId, since, { limit, cursor }) => {
      const query = { tenantId, since };
      const from = cursor === undefined ? undefined : decodeCursor(query, cursor, positionSchema);
      const page = await orUnavailable(dependency, () =>
        client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'tenant_id = :tenant AND entry_id >= :since',
            ExpressionAttributeValues: {
              ':tenant': tenantId,
              ':since': new Date(since).toISOString(),
            },
            ScanIndexForward: false,
            Limit: limit,
            ...(from ? { ExclusiveStartKey: { ...from, tenant_id: tenantId } } : {}),
          }),
        ),
      );
      const last = page.LastEvaluatedKey;
      return {
        items: (page.Items ?? []).map((item) => fromItem(auditEntrySchema, item)),
        ...(last ? { cursor: encodeCursor(query, positionSchema.parse(last)) } : {}),
      };
    },
  };
}
