import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Counts } from '../../domain/campaigns/counted.ts';
import type { StoredTotals } from '../../domain/campaigns/sum-up.ts';
import type { Campaign, CampaignRecords } from '../../domain/campaigns/totals-ports.ts';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { COUNT, campaignKey, LISTED } from './totals.ts';

const INDEX = 'by_tenant';
/** A word that expressions do not take as it is. */
const names = { '#bucket': 'bucket' };

const listedSchema = z
  .object({
    tenant_id: z.string(),
    task_id: z.string(),
    external_code: z.string().default(''),
    started_at: z.number(),
  })
  .transform(
    (item): Campaign => ({
      tenantId: item.tenant_id,
      taskId: item.task_id,
      externalCode: item.external_code,
      startedAt: item.started_at,
    }),
  );

const keySchema = z.object({
  tenant_id: z.string(),
  task_id: z.string(),
  hour: z.string(),
  provider: z.string(),
  channel: z.string(),
  country: z.string(),
  sender: z.string(),
  updated_at: z.number(),
});

const positionSchema = z.object({
  campaign: z.string(),
  bucket: z.string(),
  started_at: z.number(),
});

/** The counts that are not 0, by their names. */
const countsIn = (item: Item): Counts =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      name.startsWith(COUNT) && typeof value === 'number' && value !== 0
        ? [[name.slice(COUNT.length), value]]
        : [],
    ),
  );

export function storedTotals(item: Item): StoredTotals {
  const { tenant_id, task_id, updated_at, ...key } = keySchema.parse(item);
  return {
    key: { ...key, tenantId: tenant_id, taskId: task_id },
    counts: countsIn(item),
    updatedAt: updated_at,
  };
}

/** The table `Campaigns`, see totals.ts, as it is read. */
export function campaignRecords(client: DynamoDBDocumentClient, table: string): CampaignRecords {
  const query = (input: Omit<QueryCommandInput, 'TableName'>): Promise<QueryCommandOutput> =>
    orUnavailable('campaigns', () => client.send(new QueryCommand({ ...input, TableName: table })));

  const pages = async function* (input: Omit<QueryCommandInput, 'TableName'>) {
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page = await query({ ...input, ...(from ? { ExclusiveStartKey: from } : {}) });
      yield page.Items ?? [];
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };

  const ofTenant = (tenantId: string) => ({
    IndexName: INDEX,
    KeyConditionExpression: 'tenant_id = :tenant',
    ExpressionAttributeValues: { ':tenant': tenantId },
    ScanIndexForward: false,
  });

  return {
    list: async (tenantId, { limit, cursor }) => {
      const about = { tenantId };
      const from = cursor === undefined ? undefined : decodeCursor(about, cursor, positionSchema);
      const page = await query({
        ...ofTenant(tenantId),
        Limit: limit,
        ...(from ? { ExclusiveStartKey: { ...from, tenant_id: tenantId } } : {}),
      });
      const last = page.LastEvaluatedKey;
      return {
        items: (page.Items ?? []).map((item) => listedSchema.parse(item)),
        ...(last ? { cursor: encodeCursor(about, positionSchema.parse(last)) } : {}),
      };
    },
    find: async (tenantId, name) => {
      const byId = await query({
        KeyConditionExpression: 'campaign = :campaign AND #bucket = :listed',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':campaign': campaignKey({ tenantId, taskId: name }),
          ':listed': LISTED,
        },
      });
      const [found] = byId.Items ?? [];
      if (found !== undefined) return listedSchema.parse(found);
      for await (const items of pages(ofTenant(tenantId))) {
        const named = items.find((item) => item.external_code === name);
        if (named !== undefined) return listedSchema.parse(named);
      }
      return undefined;
    },
    totalsOf: async (campaign, { from = '0', to = '9' } = {}) => {
      const stored: StoredTotals[] = [];
      const hours = pages({
        KeyConditionExpression: 'campaign = :campaign AND #bucket BETWEEN :from AND :to',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: {
          ':campaign': campaignKey(campaign),
          ':from': from,
          // After every bucket of that hour: `~` sorts after the `|` behind the hour.
          ':to': `${to}~`,
        },
      });
      for await (const items of hours) stored.push(...items.map(storedTotals));
      return stored;
    },
  };
}
