import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TotalsKey } from '../../domain/campaigns/counted.ts';
import type { Campaigns, Totals } from '../../domain/campaigns/totals-ports.ts';
import { type Clock, HOUR, SECOND } from '../../domain/clock.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'campaigns';

/** The item that puts a campaign on the list of its tenant. No hour begins so. */
export const LISTED = '#';

export const campaignKey = ({
  tenantId,
  taskId,
}: {
  readonly tenantId: string;
  readonly taskId: string;
}): string => `${tenantId}#${taskId}`;

const bucketOf = (key: TotalsKey): string =>
  [key.hour, key.provider, key.channel, key.country, key.sender].join('|');

export const totalsItemKey = (key: TotalsKey): Item => ({
  campaign: campaignKey(key),
  bucket: bucketOf(key),
});

/** Counts are attributes of their own, because only such can be added to without a read. */
export const COUNT = 'n:';
/** A shard's position. Its value is the sequence number, and the hour in which it was written. */
const POSITION = 's:';

const positionName = (shardId: string): string =>
  POSITION + shardId.replace(/^shardId-/, '').replace(/^0+/, '');

/** A stream keeps its records for a day: after two, a position is of no use. */
const POSITION_HOURS = 48;
/** Old positions that an item may have before they are removed, for a write of its own. */
const MOST_OLD = 8;

const hourNo = (now: number): number => Math.floor(now / HOUR);
const splitPosition = (value: unknown): [sequence: string, hour: number] => {
  const [sequence = '', hour = ''] = String(value).split('@');
  return [sequence, Number(hour)];
};

/**
 * Table `Campaigns`: key `campaign` (`{tenantId}#{taskId}`) and `bucket`
 * (`{hour}|{provider}|{channel}|{country}|{sender}`). An addition is one update, whose condition is the
 * shard's position in the same item: `s:{shard}` = `{sequence number}@{hour of writing}`. A text that
 * another begins with sorts before it, so a position compares with a bare sequence number as meant: it is
 * below each higher number, and not below its own.
 */
export function totals(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, ttlSeconds }: { readonly clock: Clock; readonly ttlSeconds: number },
): Totals {
  const update = async (key: TotalsKey, expression: object): Promise<Item | undefined> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({ TableName: table, Key: totalsItemKey(key), ...expression }),
      );
      return Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  /** Best effort: what is left over is removed another time. */
  const removeOld = async (key: TotalsKey, item: Item, now: number): Promise<void> => {
    const old = Object.entries(item).filter(
      ([name, value]) =>
        name.startsWith(POSITION) && splitPosition(value)[1] < hourNo(now) - POSITION_HOURS,
    );
    if (old.length < MOST_OLD) return;
    await update(key, {
      UpdateExpression: `REMOVE ${old.map((_, at) => `#o${at}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(old.map(([name], at) => [`#o${at}`, name])),
    });
  };

  return {
    add: (key, counts, { shardId, sequence }, when) =>
      orUnavailable(dependency, async () => {
        const now = clock();
        const names = Object.keys(counts);
        const facts = factsOf(key, now, ttlSeconds);
        const set = Object.keys(facts).map((_, at) => `#f${at} = :f${at}`);
        const add = ['#changes :one', ...names.map((_, at) => `#c${at} :c${at}`)];
        const condition = conditionOf(when, hourNo(now));
        const item = await update(key, {
          UpdateExpression: `SET ${[...set, '#position = :position'].join(', ')} ADD ${add.join(', ')}`,
          ConditionExpression: condition.expression,
          ExpressionAttributeNames: {
            '#position': positionName(shardId),
            '#changes': 'changes',
            ...Object.fromEntries(Object.keys(facts).map((name, at) => [`#f${at}`, name])),
            ...Object.fromEntries(names.map((name, at) => [`#c${at}`, COUNT + name])),
          },
          ExpressionAttributeValues: {
            ':position': `${sequence}@${hourNo(now)}`,
            ':one': 1,
            ...condition.values,
            ...Object.fromEntries(Object.values(facts).map((value, at) => [`:f${at}`, value])),
            ...Object.fromEntries(Object.values(counts).map((value, at) => [`:c${at}`, value])),
          },
          ReturnValues: 'ALL_NEW',
        });
        if (item === undefined) return false;
        await removeOld(key, item, now).catch(() => undefined);
        return true;
      }),
    position: async (key, shardId) => {
      const item = await getItem(client, { dependency, table, key: totalsItemKey(key) });
      const value = item?.[positionName(shardId)];
      return value === undefined ? undefined : splitPosition(value)[0];
    },
  };
}

/** What an item of totals says of itself. */
export const factsOf = (key: TotalsKey, now: number, ttlSeconds: number): Item => ({
  tenant_id: key.tenantId,
  task_id: key.taskId,
  hour: key.hour,
  provider: key.provider,
  channel: key.channel,
  country: key.country,
  sender: key.sender,
  updated_at: now,
  expire_ts: Math.ceil(now / SECOND) + ttlSeconds,
});

function conditionOf(when: Parameters<Totals['add']>[3], hour: number) {
  if ('below' in when) {
    return {
      expression: 'attribute_not_exists(#position) OR #position < :below',
      values: { ':below': when.below },
    };
  }
  if (when.at === undefined) return { expression: 'attribute_not_exists(#position)', values: {} };
  // Whatever the hour of writing; no sequence number goes on after an `@`.
  return {
    expression: '#position BETWEEN :from AND :to',
    values: { ':from': `${when.at}@`, ':to': `${when.at}@${hour + 1}` },
  };
}

/** The list of campaigns: an item each, in the index `by_tenant` by when it started. */
export function campaigns(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, ttlSeconds }: { readonly clock: Clock; readonly ttlSeconds: number },
): Campaigns {
  /** So that a campaign costs one write of an environment, not one of each batch. */
  const noted = new Set<string>();
  return {
    note: async (campaign) => {
      const id = campaignKey(campaign);
      if (noted.has(id)) return;
      await orUnavailable(dependency, async () => {
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: {
                campaign: id,
                bucket: LISTED,
                tenant_id: campaign.tenantId,
                task_id: campaign.taskId,
                external_code: campaign.externalCode,
                started_at: campaign.startedAt,
                expire_ts: Math.ceil(clock() / SECOND) + ttlSeconds,
              },
              ConditionExpression: 'attribute_not_exists(campaign)',
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
      if (noted.size >= MOST_NOTED) noted.clear();
      noted.add(id);
    },
  };
}

const MOST_NOTED = 10_000;
