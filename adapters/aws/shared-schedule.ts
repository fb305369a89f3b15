import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SharedSchedule } from '../../domain/shared-schedule.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

const busySchema = z.object({ busy_until: z.number() });

/**
 * One item of a table, under a key that no other item has, with `busy_until`, ms since 1970.
 *
 * Two updates, each conditional on its own, decide without a read:
 *
 *   free by then?  ──▶ busy until the end of this slot        (one write; a replay that is alone)
 *   busy, not for too long?  ──▶ busy for so much longer      (a second one; replays that wait for each other)
 *
 * The SDK repeats an update whose answer was lost. The repetition finds the schedule busy with what the
 * first one reserved, and reserves the next slot: the first is wasted.
 */
export function sharedSchedule(
  client: DynamoDBDocumentClient,
  { dependency, table, key }: { dependency: string; table: string; key: Item },
): SharedSchedule {
  /** The item as it was before the update; undefined if the condition did not hold. */
  const update = (change: string, condition: string, values: Item) =>
    orUnavailable(dependency, async () => {
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: table,
            Key: key,
            UpdateExpression: change,
            ConditionExpression: condition,
            ExpressionAttributeValues: values,
            ReturnValues: 'UPDATED_OLD',
          }),
        );
        return Attributes ?? {};
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  return {
    reserve: async ({ freeBy, dueAt, endsAt, lengthMs, latestAt, wrongAfter }) => {
      const free = await update(
        'SET busy_until = :end',
        'attribute_not_exists(busy_until) OR busy_until <= :free OR busy_until > :wrong',
        { ':end': endsAt, ':free': freeBy, ':wrong': wrongAfter },
      );
      if (free !== undefined) return dueAt;
      const busy = await update('SET busy_until = busy_until + :length', 'busy_until <= :latest', {
        ':length': lengthMs,
        ':latest': latestAt,
      });
      return busy && busySchema.parse(busy).busy_until;
    },
  };
}

/** That of all replays. No replay's id begins with such a character; without a tenant, the index does not hold it. */
export const replaySchedule = (client: DynamoDBDocumentClient, table: string): SharedSchedule =>
  sharedSchedule(client, {
    dependency: 'replays',
    table,
    key: { replay_id: '#shared-schedule' },
  });
