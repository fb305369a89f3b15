import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

/** The item that holds a schedule. */
export type ScheduleItem = {
  readonly dependency: string;
  readonly table: string;
  readonly key: Item;
  /** Attribute with the time until which the schedule is reserved, ms since 1970. */
  readonly attribute: string;
  /** Other attributes that every reservation writes. */
  readonly also?: Item;
};

export type ScheduleSlot = {
  /** The schedule counts as free if it is busy until then at most, or until after `wrongAfter`. */
  readonly freeBy: number;
  readonly wrongAfter: number;
  /** What a free schedule is busy until then. */
  readonly endsAt: number;
  /** By how much a busy one is busy for longer, unless it is busy beyond `latestAt`. */
  readonly lengthMs: number;
  readonly latestAt: number;
};

/**
 * Reserves a slot of a schedule in one item, and answers with the item as it was before, and whether the
 * schedule was free; undefined when it is busy for too long.
 *
 * Two updates, each conditional on its own, decide without a read:
 *
 *   free by then?  ──▶ busy until the end of this slot        (one write when it is idle)
 *   busy, not for too long?  ──▶ busy for so much longer      (one more when it is not)
 *
 * `isLikelyBusy` tries the second first. The SDK repeats an update whose answer was lost. The repetition
 * finds the schedule busy with what the first one reserved, and reserves the next slot: the first is wasted.
 */
export async function reserveSlot(
  client: DynamoDBDocumentClient,
  item: ScheduleItem,
  slot: ScheduleSlot,
  isLikelyBusy = false,
): Promise<{ readonly before: Item; readonly wasFree: boolean } | undefined> {
  const { also = {} } = item;
  const names = Object.keys(also);
  const common = {
    TableName: item.table,
    Key: item.key,
    ExpressionAttributeNames: {
      '#at': item.attribute,
      ...Object.fromEntries(names.map((name, no) => [`#also${no}`, name])),
    },
    ReturnValues: 'ALL_OLD',
  } as const;
  const alsoSet = names.map((_, no) => `, #also${no} = :also${no}`).join('');
  const alsoValues = Object.fromEntries(names.map((name, no) => [`:also${no}`, also[name]]));

  const update = (change: string, condition: string, values: Item) =>
    orUnavailable(item.dependency, async () => {
      try {
        const { Attributes = {} } = await client.send(
          new UpdateCommand({
            ...common,
            UpdateExpression: `SET #at = ${change}${alsoSet}`,
            ConditionExpression: condition,
            ExpressionAttributeValues: { ...values, ...alsoValues },
          }),
        );
        return Attributes;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  const free = async () => {
    const before = await update(
      ':end',
      'attribute_not_exists(#at) OR #at <= :free OR #at > :wrong',
      { ':end': slot.endsAt, ':free': slot.freeBy, ':wrong': slot.wrongAfter },
    );
    return before && { before, wasFree: true };
  };
  const busy = async () => {
    const before = await update('#at + :length', '#at > :free AND #at <= :latest', {
      ':length': slot.lengthMs,
      ':latest': slot.latestAt,
      ':free': slot.freeBy,
    });
    return before && { before, wasFree: false };
  };
  return isLikelyBusy ? ((await busy()) ?? free()) : ((await free()) ?? busy());
}
