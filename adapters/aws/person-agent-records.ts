import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import { addressForms, addressKey } from '../../domain/outbound/address-key.ts';
import type { PersonStore } from '../../domain/people/ports.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'agent-records';

const itemSchema = z.object({ record_id: z.string(), data: z.string().default('') });
/** A call that opens a task or sends a message now. */
const underWaySchema = z.object({ state: z.enum(['opening', 'sending']), until: z.number() });

/** Whether a text names an address, and not a longer one that begins or ends alike. */
const names = (text: string, address: string): boolean =>
  text.split(address).some((after, at, parts) => {
    const before = parts[at - 1];
    return before !== undefined && !/\w$/.test(before) && !/^\w/.test(after);
  });

/** What agents' calls left about a number in the table `AgentRecords`. It has no index: the table is read through. */
export function personAgentRecords(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): PersonStore {
  return {
    name: 'agent-records',
    find: async ({ tenantId, address }, cursor) => {
      const page = await orUnavailable(dependency, () =>
        client.send(
          new ScanCommand({
            TableName: table,
            ConsistentRead: true,
            FilterExpression: 'begins_with(record_id, :tenant)',
            ExpressionAttributeValues: { ':tenant': `${tenantId}#` },
            ...(cursor === undefined ? {} : { ExclusiveStartKey: { record_id: cursor } }),
          }),
        ),
      );
      const forms = [...new Set([addressKey(address), ...addressForms(address)])];
      const theirs = (page.Items ?? [])
        .map((item) => itemSchema.parse(item))
        .filter(({ record_id, data }) =>
          forms.some((form) => names(record_id, form) || names(data, form)),
        );
      const last = z.object({ record_id: z.string() }).safeParse(page.LastEvaluatedKey);
      return {
        items: theirs.map(({ record_id, data }) => ({
          data: { id: record_id, data: parseJson(data) },
          erase: async () => {
            const call = underWaySchema.safeParse(parseJson(data));
            if (call.success && call.data.until > clock()) return 'in-flight';
            await orUnavailable(dependency, () =>
              client.send(new DeleteCommand({ TableName: table, Key: { record_id } })),
            );
            return 'erased';
          },
        })),
        cursor: last.data?.record_id,
      };
    },
  };
}
