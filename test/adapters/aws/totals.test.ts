import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campaignRecords } from '../../../adapters/aws/campaign-records.ts';
import { campaignKey, campaigns, totals } from '../../../adapters/aws/totals.ts';
import type { Campaign } from '../../../domain/campaigns/totals-ports.ts';
import { campaignRecordsContract } from '../../contracts/campaign-records.contract.ts';
import { totalsContract } from '../../contracts/totals.contract.ts';
import { fakeCampaignRecords } from '../../fakes/campaign-records.ts';
import { fakeTotals } from '../../fakes/totals.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const HOUR = 3_600_000;
const start = Date.UTC(2026, 10, 20, 9);
const keeping = { clock: () => start, ttlSeconds: 1000 };

async function itemsOf(table: string, campaign: string) {
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'campaign = :campaign',
      ExpressionAttributeValues: { ':campaign': campaign },
    }),
  );
  return Items;
}

const countsIn = (item: Record<string, unknown> = {}) =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      name.startsWith('n:') && value !== 0 ? [[name.slice(2), Number(value)]] : [],
    ),
  );

totalsContract('the fake', async () => {
  const fake = fakeTotals();
  return { totals: fake, countsOf: async () => fake.all()[0]?.counts ?? {} };
});
totalsContract('the table', async () => {
  const table = await tables.create('CampaignsTable');
  return {
    totals: totals(tables.client, table, keeping),
    countsOf: async (key) => countsIn((await itemsOf(table, campaignKey(key)))[0]),
  };
});

const key = {
  ...{ tenantId: 't', taskId: 'k', hour: '2026-11-20T09', provider: 'scg', channel: 'SMS' },
  ...{ country: '', sender: '' },
};
const sequence = (n: number) => String(n).padStart(40, '0');

describe('the positions of an item', () => {
  it('do not pile up: those of shards that ended two days ago are removed', async () => {
    const table = await tables.create('CampaignsTable');
    let now = start;
    const store = totals(tables.client, table, { clock: () => now, ttlSeconds: 1 });
    for (let shard = 0; shard < 40; shard += 1) {
      const to = { shardId: `shardId-${shard}`, sequence: sequence(1) };
      await store.add(key, { sent: 1 }, to, { below: sequence(1) });
      now += 4 * HOUR;
    }
    const [item] = await itemsOf(table, campaignKey(key));
    const positions = Object.keys(item ?? {}).filter((name) => name.startsWith('s:'));
    expect(positions.length).toBeLessThan(30);
    expect(countsIn(item)).toEqual({ sent: 40 });
    // A record of the day before comes again.
    const to = { shardId: 'shardId-36', sequence: sequence(1) };
    expect(await store.add(key, { sent: 1 }, to, { below: sequence(1) })).toBe(false);
  });
});

describe('the list of campaigns', () => {
  it('has a campaign once, with its first start', async () => {
    const table = await tables.create('CampaignsTable');
    const campaign = { tenantId: 't', taskId: 'k', externalCode: 'TSK_1', startedAt: start };
    await campaigns(tables.client, table, keeping).note(campaign);
    await campaigns(tables.client, table, keeping).note({ ...campaign, startedAt: start + 1 });
    expect(await itemsOf(table, campaignKey(key))).toEqual([
      expect.objectContaining({ bucket: '#', started_at: start, external_code: 'TSK_1' }),
    ]);
  });
});

const keyOf = ({ tenantId, taskId }: Campaign, hour: string, sender: string) => ({
  ...{ tenantId, taskId, hour, sender },
  ...{ provider: 'twilio', channel: 'SMS', country: 'US' },
});
campaignRecordsContract('the fake', async () => {
  const { port, campaigns: listed, stored } = fakeCampaignRecords();
  return {
    records: port,
    note: async (campaign) => void listed.push(campaign),
    add: async (campaign, hour, sender, counts) =>
      void stored.push({ key: keyOf(campaign, hour, sender), counts, updatedAt: 1 }),
  };
});
campaignRecordsContract('the table', async () => {
  const table = await tables.create('CampaignsTable');
  const store = totals(tables.client, table, keeping);
  return {
    records: campaignRecords(tables.client, table),
    note: campaigns(tables.client, table, keeping).note,
    add: async (campaign, hour, sender, counts) => {
      const to = { shardId: 'shard', sequence: sequence(1) };
      await store.add(keyOf(campaign, hour, sender), counts, to, { below: sequence(1) });
    },
  };
});
