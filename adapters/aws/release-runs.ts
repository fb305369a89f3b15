import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Runs } from '../../domain/campaigns/ports.ts';
import { type Run, runSchema } from '../../domain/campaigns/run.ts';
import type { SharedSchedule } from '../../domain/shared-schedule.ts';
import { fromItem, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem, putIf } from './put-if.ts';
import { queryAll } from './query-all.ts';
import { sharedSchedule } from './shared-schedule.ts';

const dependency = 'held';
/** Partition of table `Held` with the releases that are not done yet. */
const RUNS = 'runs';

const keyOf = (runId: string) => ({ held_key: RUNS, item_key: runId });

export function releaseRuns(client: DynamoDBDocumentClient, table: string): Runs {
  const put = (run: Run, condition: string, values?: Record<string, unknown>) =>
    putIf(client, {
      dependency,
      table,
      key: ['held_key', 'item_key'],
      item: { ...keyOf(run.runId), ...toItem(run) },
      condition,
      ...(values ? { values } : {}),
    });
  return {
    list: async () => {
      const items = await queryAll(client, dependency, {
        TableName: table,
        KeyConditionExpression: 'held_key = :runs',
        ExpressionAttributeValues: { ':runs': RUNS },
        ConsistentRead: true,
      });
      return items.map((item) => fromItem(runSchema, item));
    },
    get: async (runId) => {
      const item = await getItem(client, { dependency, table, key: keyOf(runId) });
      return item && fromItem(runSchema, item);
    },
    insert: (run) => put(run, 'attribute_not_exists(held_key)'),
    swap: (next) => put(next, 'version = :read', { ':read': next.version - 1 }),
    end: ({ runId, version }) =>
      orUnavailable(dependency, async () => {
        try {
          await client.send(
            new DeleteCommand({
              TableName: table,
              Key: keyOf(runId),
              // Also when it is gone: the SDK repeats a delete whose answer was lost.
              ConditionExpression: 'attribute_not_exists(held_key) OR version = :version',
              ExpressionAttributeValues: { ':version': version },
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
  };
}

/** The schedule that all releases share. */
export const releaseSchedule = (client: DynamoDBDocumentClient, table: string): SharedSchedule =>
  sharedSchedule(client, {
    dependency,
    table,
    key: { held_key: 'schedule', item_key: 'schedule' },
  });
