import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedRecords, checkStates } from '../../../adapters/aws/checked-records.ts';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { totals } from '../../../adapters/aws/totals.ts';
import type { Counted } from '../../../domain/campaigns/counted.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const keeping = { clock: () => 1_000_000, ttlSeconds: 1000 };
const key = {
  ...{ tenantId: 't', taskId: 'k', hour: '2026-11-20T09', provider: 'scg', channel: 'SMS' },
  ...{ country: '', sender: '' },
};
const sequence = (n: number) => String(n).padStart(40, '0');

async function records() {
  const names = {
    deliveries: await tables.create('DeliveriesTable'),
    campaigns: await tables.create('CampaignsTable'),
  };
  return {
    names,
    checked: checkedRecords(tables.client, names, keeping),
    store: totals(tables.client, names.campaigns, keeping),
  };
}

describe('what a check reads', () => {
  it('is every delivery that can be read, and nothing else in their table', async () => {
    const { names, checked } = await records();
    const table = deliveries(tables.client, names.deliveries);
    for (let n = 0; n < 30; n += 1) {
      await table.insert(aDelivery({ deliveryId: `t#${n}`, guid: String(n) }));
    }
    const others = [
      { delivery_id: '#message#SM1', claimed_by: 't#1' },
      { delivery_id: 't#poison', guid: 'poison', status: 'sent' },
    ];
    for (const Item of others) {
      await tables.client.send(new PutCommand({ TableName: names.deliveries, Item }));
    }
    const found: Counted[] = [];
    for await (const page of checked.deliveries()) found.push(...page);
    expect(found.map(({ guid }) => Number(guid)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    );
  });
});

describe('what a check repairs', () => {
  it('are the counts of one change, and none of a later one', async () => {
    const { checked, store } = await records();
    const to = (n: number) => ({ shardId: 'shard', sequence: sequence(n) });
    await store.add(key, { accepted: 9, failed: 1 }, to(1), { below: sequence(1) });
    expect(await checked.totals()).toMatchObject([{ key, changes: 1 }]);

    expect(await checked.replace(key, { accepted: 7 }, 0)).toBe(false);
    expect(await checked.replace(key, { accepted: 7 }, 1)).toBe(true);
    expect(await checked.replace(key, { accepted: 8 }, 1)).toBe(false);
    expect(await checked.totals()).toMatchObject([{ counts: { accepted: 7 }, changes: 2 }]);
    expect((await checked.totals())[0]?.counts).not.toHaveProperty('failed');
    // Where the stream is stays known.
    expect(await store.position(key, 'shard')).toBe(sequence(1));

    const other = { ...key, sender: 'new' };
    expect(await checked.replace(other, { accepted: 1 }, 0)).toBe(true);
    expect(await checked.replace(other, { accepted: 1 }, 0)).toBe(false);
    expect(await checked.totals()).toHaveLength(2);
  });

  it('is kept track of in an item of its own', async () => {
    const { checked, names } = await records();
    const states = checkStates(tables.client, names.campaigns, keeping);
    expect(await states.get()).toEqual({});
    const state = { requestedAt: 5, requestedBy: 'on-call' };
    await states.put(state);
    expect(await states.get()).toEqual(state);
    expect(await checked.totals()).toEqual([]);
  });
});
