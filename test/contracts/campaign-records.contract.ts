import { describe, expect, it } from 'vitest';
import type { Counts } from '../../domain/campaigns/counted.ts';
import type { Campaign, CampaignRecords } from '../../domain/campaigns/totals-ports.ts';

const campaign = (n: number, overrides: Partial<Campaign> = {}): Campaign => ({
  tenantId: 'tenant-a',
  taskId: `task-${n}`,
  externalCode: `TSK_${n}`,
  startedAt: 1000 + n,
  ...overrides,
});

/** What every reader of campaigns does. */
export function campaignRecordsContract(
  name: string,
  make: () => Promise<{
    records: CampaignRecords;
    note: (campaign: Campaign) => Promise<void>;
    add: (campaign: Campaign, hour: string, sender: string, counts: Counts) => Promise<void>;
  }>,
) {
  describe(`${name}, as CampaignRecords`, () => {
    it('lists a tenant’s own campaigns page by page, the latest to start first', async () => {
      const { records, note } = await make();
      for (const n of [1, 3, 2]) await note(campaign(n));
      await note(campaign(4, { tenantId: 'tenant-b' }));
      const first = await records.list('tenant-a', { limit: 2 });
      expect(first.items).toEqual([campaign(3), campaign(2)]);
      const rest = await records.list('tenant-a', { limit: 2, cursor: first.cursor });
      expect(rest.items).toEqual([campaign(1)]);
      expect(rest.cursor).toBeUndefined();
    });

    it('finds a campaign by its task’s id or code, of two with one code the latest', async () => {
      const { records, note } = await make();
      await note(campaign(1));
      await note(campaign(2, { externalCode: 'TSK_1' }));
      expect(await records.find('tenant-a', 'task-1')).toEqual(campaign(1));
      expect(await records.find('tenant-a', 'TSK_1')).toMatchObject({ taskId: 'task-2' });
      expect(await records.find('tenant-b', 'task-1')).toBeUndefined();
      expect(await records.find('tenant-a', 'task-9')).toBeUndefined();
    });

    it('has the totals of a campaign between two hours', async () => {
      const { records, note, add } = await make();
      const own = campaign(1);
      await note(own);
      await add(own, '2026-11-20T09', 'one', { accepted: 1 });
      await add(own, '2026-11-20T09', 'two', { accepted: 2 });
      await add(own, '2026-11-20T23', 'one', { accepted: 4 });
      await add(own, '2026-11-21T00', 'one', { accepted: 8, 'error:failed:config:1': 3 });
      await add(campaign(2), '2026-11-20T09', 'one', { accepted: 16 });
      const accepted = async (hours?: Parameters<CampaignRecords['totalsOf']>[1]) =>
        (await records.totalsOf(own, hours)).reduce(
          (sum, { counts }) => sum + (counts.accepted ?? 0),
          0,
        );
      expect(await accepted()).toBe(15);
      expect(await accepted({ from: '2026-11-20', to: '2026-11-20T99' })).toBe(7);
      expect(await accepted({ from: '2026-11-20T10' })).toBe(12);
      expect(await accepted({ to: '2026-11-20T09' })).toBe(3);
      expect((await records.totalsOf(own, { from: '2026-11-21' }))[0]).toMatchObject({
        key: { tenantId: 'tenant-a', taskId: 'task-1', hour: '2026-11-21T00', sender: 'one' },
        counts: { accepted: 8, 'error:failed:config:1': 3 },
      });
    });
  });
}
