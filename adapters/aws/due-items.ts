import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { HOUR } from '../../domain/clock.ts';
import { DUE_INDEX, duePartition, HOURS, hourEndsAt, hourOf, shards } from './held-items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { queryAll } from './query-all.ts';

const dependency = 'held';
/** Nothing is held until a time that is over, so an hour that ended so long ago gets no further message. */
const HOUR_CLOSED_AFTER = 2 * HOUR;

const hourSchema = z.object({ item_key: z.string() });
const dueSchema = z.object({ due_at: z.number() });

/** What is due, by the directory of hours in table `Held` and its index `by_due`. */
export function dueItems(client: DynamoDBDocumentClient, table: string) {
  /** The hours that begin by this time and had messages, in order. */
  const hours = async (by: number): Promise<string[]> => {
    const items = await queryAll(client, dependency, {
      TableName: table,
      KeyConditionExpression: 'held_key = :hours AND item_key <= :hour',
      ExpressionAttributeValues: { ':hours': HOURS, ':hour': hourOf(by) },
      ConsistentRead: true,
    });
    return items.map((item) => hourSchema.parse(item).item_key);
  };

  const firstOf = async (hour: string, by: number): Promise<number | undefined> => {
    const pages = await Promise.all(
      shards.map((shard) =>
        orUnavailable(dependency, () =>
          client.send(
            new QueryCommand({
              TableName: table,
              IndexName: DUE_INDEX,
              KeyConditionExpression: 'due_key = :partition AND due_at <= :by',
              ExpressionAttributeValues: { ':partition': duePartition(hour, shard), ':by': by },
              Limit: 1,
            }),
          ),
        ),
      ),
    );
    const times = pages.flatMap(({ Items }) => Items ?? []).map((item) => dueSchema.parse(item));
    return times.length === 0 ? undefined : Math.min(...times.map(({ due_at }) => due_at));
  };

  const forget = (hour: string) =>
    orUnavailable(dependency, () =>
      client.send(
        new DeleteCommand({ TableName: table, Key: { held_key: HOURS, item_key: hour } }),
      ),
    );

  return {
    hours,
    oldest: async (now: number): Promise<number | undefined> => {
      for (const hour of await hours(now)) {
        const first = await firstOf(hour, now);
        if (first !== undefined) return first;
        if (hourEndsAt(hour) + HOUR_CLOSED_AFTER < now) await forget(hour);
      }
      return undefined;
    },
  };
}
