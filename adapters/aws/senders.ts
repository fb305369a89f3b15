import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  paginateQuery,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, DAY, SECOND } from '../../domain/clock.ts';
import type { Pace } from '../../domain/senders/pace.ts';
import type { Paces, Schedule, SenderState, SenderStates } from '../../domain/senders/ports.ts';
import type { PaceKey } from '../../domain/senders/sender.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';
import { reserveSlot } from './slot-schedule.ts';

const dependency = 'senders';
const attributes = { send: 'send_free_at', entry: 'entry_free_at' } as const;
/** A sender that has not sent for so long is no longer listed. */
const KEPT_MS = 2 * DAY;

const itemSchema = z.object({
  tenant_id: z.string(),
  sender: z.string(),
  send_free_at: z.number().optional(),
  entry_free_at: z.number().optional(),
  rate: z.number().optional(),
  rate_at: z.number().optional(),
  is_probing: z.boolean().optional(),
  throttled_at: z.number().optional(),
  throttled: z.number().optional(),
  day: z.string().optional(),
  sent_today: z.number().optional(),
});
type SenderItem = z.infer<typeof itemSchema>;
const partSchema = itemSchema.partial({ tenant_id: true, sender: true });

function paceOf(item: Omit<SenderItem, 'tenant_id' | 'sender'>): Pace | undefined {
  const { rate, rate_at: rateAt, is_probing: isProbing = false } = item;
  if (rate === undefined || rateAt === undefined) return undefined;
  const { throttled_at: throttledAt, throttled } = item;
  return { rate, rateAt, isProbing, throttledAt, throttled };
}

/**
 * Table `Senders`: an item a sender, with the end of its last reserved slots (`send_free_at`, `entry_free_at`, ms
 * since 1970) and, once it was throttled, its pace. Reservations and paces change attributes of their own.
 */
export function senders(
  client: DynamoDBDocumentClient,
  table: string,
  { clock }: { readonly clock: Clock },
): Paces & SenderStates {
  const keyOf = ({ tenantId, sender }: PaceKey): Item => ({ tenant_id: tenantId, sender });
  const expireTs = () => Math.ceil((clock() + KEPT_MS) / SECOND);
  /** When each schedule is free, as far as this worker knows: which update to try first. */
  const freeAt = new Map<string, number>();

  /** False if the condition does not hold. */
  const update = (input: Omit<UpdateCommandInput, 'TableName'>) =>
    orUnavailable(dependency, async () => {
      try {
        await client.send(new UpdateCommand({ TableName: table, ...input }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });

  const read = async (key: PaceKey) => {
    const item = await getItem(client, { dependency, table, key: keyOf(key) });
    return item && itemSchema.parse(item);
  };

  return {
    reserve: async (key, schedule: Schedule, { now, lengthMs, latestAt, wrongAfter }) => {
      const attribute = attributes[schedule];
      const name = `${key.tenantId}/${key.sender}/${attribute}`;
      const reserved = await reserveSlot(
        client,
        {
          dependency,
          table,
          key: keyOf(key),
          attribute,
          also: { expire_ts: expireTs() },
        },
        { freeBy: now, endsAt: now + lengthMs, lengthMs, latestAt, wrongAfter },
        (freeAt.get(name) ?? 0) > now,
      );
      if (reserved === undefined) {
        const item = await read(key);
        const free = item?.[attribute];
        if (free !== undefined) freeAt.set(name, free);
        return { begins: undefined, freeAt: free, pace: item && paceOf(item) };
      }
      const before = partSchema.parse(reserved.before);
      const begins = reserved.wasFree ? now : (before[attribute] ?? now);
      freeAt.set(name, begins + lengthMs);
      return { begins, pace: paceOf(before) };
    },

    spend: async (key, day, units, dailyCap) => {
      const values = { ':day': day, ':units': units };
      if (units > dailyCap) return false;
      const isSameDay = await update({
        Key: keyOf(key),
        UpdateExpression: 'SET sent_today = sent_today + :units',
        ConditionExpression: '#day = :day AND sent_today <= :most',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ...values, ':most': dailyCap - units },
      });
      if (isSameDay) return true;
      return update({
        Key: keyOf(key),
        UpdateExpression: 'SET #day = :day, sent_today = :units',
        // A worker whose clock is behind must not begin yesterday again.
        ConditionExpression: 'attribute_not_exists(#day) OR #day < :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: values,
      });
    },

    get: async (key) => {
      const item = await read(key);
      return item && paceOf(item);
    },

    swap: (key, before, next) =>
      update({
        Key: keyOf(key),
        UpdateExpression:
          'SET #rate = :rate, rate_at = :at, is_probing = :probing, throttled_at = :throttled_at, throttled = :throttled, expire_ts = :expire',
        // Every change counts a throttle.
        ConditionExpression:
          before === undefined
            ? 'attribute_not_exists(rate_at)'
            : 'throttled_at = :read_at AND throttled = :read',
        ExpressionAttributeNames: { '#rate': 'rate' },
        ExpressionAttributeValues: {
          ':rate': next.rate,
          ':at': next.rateAt,
          ':probing': next.isProbing,
          ':throttled_at': next.throttledAt,
          ':throttled': next.throttled,
          ':expire': expireTs(),
          ...(before === undefined
            ? {}
            : { ':read_at': before.throttledAt, ':read': before.throttled }),
        },
      }),

    list: (tenantId) =>
      orUnavailable(dependency, async () => {
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            KeyConditionExpression: 'tenant_id = :tenant',
            ExpressionAttributeValues: { ':tenant': tenantId },
          },
        );
        const found: SenderState[] = [];
        for await (const { Items = [] } of pages) {
          for (const each of Items) {
            const item = itemSchema.parse(each);
            found.push({
              tenantId: item.tenant_id,
              sender: item.sender,
              pace: paceOf(item),
              busyUntil: item.send_free_at,
              enteredUntil: item.entry_free_at,
              day: item.day,
              sentToday: item.sent_today,
            });
          }
        }
        return found;
      }),
  };
}
