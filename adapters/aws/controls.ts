import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { controlSchema } from '../../domain/campaigns/control.ts';
import type { Controls } from '../../domain/campaigns/ports.ts';
import { fromItem, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { queryAll } from './query-all.ts';

const dependency = 'controls';

/**
 * Table `Controls`: key `tenant_id` and `task_id`, an item for each campaign that was ever held, resumed
 * or stopped. A tenant's are read together: one unit for about twenty of them.
 */
export function controls(client: DynamoDBDocumentClient, table: string): Controls {
  return {
    ofTenant: async (tenantId) => {
      const items = await queryAll(client, dependency, {
        TableName: table,
        KeyConditionExpression: 'tenant_id = :tenant',
        ExpressionAttributeValues: { ':tenant': tenantId },
        ConsistentRead: true,
      });
      return items.map((item) => fromItem(controlSchema, item));
    },
    put: (control, replaces) =>
      orUnavailable(dependency, async () => {
        const put = new PutCommand({
          TableName: table,
          Item: toItem(control),
          ...(replaces === undefined
            ? { ConditionExpression: 'attribute_not_exists(tenant_id)' }
            : {
                ConditionExpression: '#at = :replaces',
                ExpressionAttributeNames: { '#at': 'at' },
                ExpressionAttributeValues: { ':replaces': replaces },
              }),
        });
        try {
          await client.send(put);
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
  };
}
