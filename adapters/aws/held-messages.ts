import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ALL_CAMPAIGNS } from '../../domain/campaigns/control.ts';
import type { HeldMessages, HeldScope, HeldTask } from '../../domain/campaigns/ports.ts';
import { type Clock, HOUR } from '../../domain/clock.ts';
import type { HeldMessage } from '../../domain/delivery/ports.ts';
import { parseJson } from '../../domain/json.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { dueItems } from './due-items.ts';
import {
  campaignPartition,
  DUE_INDEX,
  directoryItems,
  duePartition,
  fromHeldItem,
  itemOf,
  keyOf,
  shards,
  tasksPartition,
} from './held-items.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { queryAll } from './query-all.ts';

const dependency = 'held';
/** Messages of one page, and so of one batch of a release. */
const PAGE = 100;
/** Requests to delete that one call takes. */
const DELETES = 25;
const ROUNDS = 5;

const cursorSchema = z.object({
  partition: z.string(),
  after: z.record(z.string(), z.unknown()).optional(),
});
const taskSchema = z.object({ task_id: z.string(), external_code: z.string() });

/**
 * Table `Held`: key `held_key` and `item_key`.
 *
 *   held#{tenant}#{task}#{code}#{shard}   {reason}#{due}#{guid}#{holdNo}   a held message; index `by_due`
 *   tasks#{tenant}                        {task}#{code}                    a task that has held messages
 *   hours                                 {hour}                           an hour in which messages are due
 *   runs, schedule                                                         see `release-runs.ts`
 *
 * The two directories are written once an hour by each process, before the first message that needs them.
 */
export function heldMessages(
  client: DynamoDBDocumentClient,
  table: string,
  { clock }: { readonly clock: Clock },
): HeldMessages {
  const put = (item: Item) =>
    orUnavailable(dependency, () => client.send(new PutCommand({ TableName: table, Item: item })));
  const due = dueItems(client, table);

  /** By key, when this process wrote the entry. */
  const listed = new Map<string, number>();
  const list = async (item: Item, now: number): Promise<void> => {
    const key = `${item.held_key}#${item.item_key}`;
    if (now - (listed.get(key) ?? Number.NEGATIVE_INFINITY) < HOUR) return;
    await put(item);
    listed.set(key, now);
  };

  const tasks = async (tenantId: string): Promise<HeldTask[]> => {
    const items = await queryAll(client, dependency, {
      TableName: table,
      KeyConditionExpression: 'held_key = :tasks',
      ExpressionAttributeValues: { ':tasks': tasksPartition(tenantId) },
      ConsistentRead: true,
    });
    return items
      .map((item) => taskSchema.parse(item))
      .map(({ task_id: taskId, external_code: externalCode }) => ({ taskId, externalCode }));
  };

  /** The tasks that a control of this name is about. */
  const tasksNamed = async (tenantId: string, named: string): Promise<HeldTask[]> =>
    (await tasks(tenantId)).filter(
      ({ taskId, externalCode }) =>
        named === ALL_CAMPAIGNS || taskId === named || externalCode === named,
    );

  const partitionsOf = async (scope: HeldScope): Promise<string[]> => {
    const each =
      scope.kind === 'due'
        ? (await due.hours(scope.by)).map((hour) => (shard: string) => duePartition(hour, shard))
        : (await tasksNamed(scope.tenantId, scope.taskId)).map(
            (task) => (shard: string) => campaignPartition(scope.tenantId, task, shard),
          );
    return each.flatMap((partition) => shards.map(partition)).sort();
  };

  const queryOf = (scope: HeldScope, partition: string): QueryCommandInput => {
    if (scope.kind === 'due') {
      return {
        TableName: table,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'due_key = :partition AND due_at <= :by',
        ExpressionAttributeValues: { ':partition': partition, ':by': scope.by },
      };
    }
    const isAll = scope.which === 'all';
    return {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: `held_key = :partition${isAll ? '' : ' AND begins_with(item_key, :hold)'}`,
      ExpressionAttributeValues: {
        ':partition': partition,
        ...(isAll ? {} : { ':hold': 'hold#' }),
      },
    };
  };

  const dropBatch = async (batch: readonly HeldMessage[]): Promise<void> => {
    let left: unknown[] = batch.map((held) => ({ DeleteRequest: { Key: keyOf(held) } }));
    for (let round = 0; left.length > 0; round += 1) {
      if (round === ROUNDS) throw new Unavailable(dependency);
      const RequestItems = { [table]: left.map((each) => deleteSchema.parse(each)) };
      const answer = await orUnavailable(dependency, () =>
        client.send(new BatchWriteCommand({ RequestItems })),
      );
      left = answer.UnprocessedItems?.[table] ?? [];
    }
  };

  return {
    keep: async (held) => {
      const now = clock();
      await Promise.all(directoryItems(held, now).map((item) => list(item, now)));
      await put(itemOf(held));
    },
    page: async (scope, cursor) => {
      const at = cursor === undefined ? undefined : cursorSchema.parse(parseJson(cursor));
      const partitions = await partitionsOf(scope);
      const left = partitions.filter((each) => at === undefined || each >= at.partition);
      const messages: HeldMessage[] = [];
      for (const [n, partition] of left.entries()) {
        const isCut = partition === at?.partition && at.after !== undefined;
        const page = await orUnavailable(dependency, () =>
          client.send(
            new QueryCommand({
              ...queryOf(scope, partition),
              Limit: PAGE - messages.length,
              ...(isCut ? { ExclusiveStartKey: at.after } : {}),
            }),
          ),
        );
        messages.push(...(page.Items ?? []).map(fromHeldItem));
        if (page.LastEvaluatedKey) {
          return { messages, cursor: JSON.stringify({ partition, after: page.LastEvaluatedKey }) };
        }
        const next = left[n + 1];
        if (messages.length >= PAGE && next !== undefined) {
          return { messages, cursor: JSON.stringify({ partition: next }) };
        }
      }
      return { messages };
    },
    drop: async (held) => {
      for (let from = 0; from < held.length; from += DELETES) {
        await dropBatch(held.slice(from, from + DELETES));
      }
    },
    tasks,
    count: async (tenantId, taskId) => {
      const partitions = await partitionsOf({ kind: 'campaign', tenantId, taskId, which: 'all' });
      const pages = await Promise.all(
        partitions.map((partition) =>
          orUnavailable(dependency, () =>
            client.send(
              new QueryCommand({
                ...queryOf({ kind: 'campaign', tenantId, taskId, which: 'all' }, partition),
                Select: 'COUNT',
              }),
            ),
          ),
        ),
      );
      return {
        count: pages.reduce((sum, page) => sum + (page.Count ?? 0), 0),
        hasMore: pages.some((page) => page.LastEvaluatedKey !== undefined),
      };
    },
    oldestDue: due.oldest,
  };
}

const deleteSchema = z.object({
  DeleteRequest: z.object({ Key: z.record(z.string(), z.unknown()) }),
});
