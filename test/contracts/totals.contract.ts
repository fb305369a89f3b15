import { describe, expect, it } from 'vitest';
import type { Counts, TotalsKey } from '../../domain/campaigns/counted.ts';
import type { Totals } from '../../domain/campaigns/totals-ports.ts';

const key: TotalsKey = {
  tenantId: 'tenant-a',
  taskId: 'task-1',
  hour: '2026-11-20T09',
  provider: 'twilio',
  channel: 'SMS',
  country: 'US',
  sender: '+12025550100',
};
const sequence = (n: number) => String(n).padStart(40, '0');
const shardId = 'shardId-00000001700000000000-0a1b2c3d';

/** What every store of totals does. `countsOf` reads what it holds for a key. */
export function totalsContract(
  name: string,
  make: () => Promise<{ totals: Totals; countsOf: (key: TotalsKey) => Promise<Counts> }>,
) {
  describe(`${name}, as Totals`, () => {
    it('adds what is new, and moves the position of that shard alone', async () => {
      const { totals, countsOf } = await make();
      const to = (n: number) => ({ shardId, sequence: sequence(n) });
      expect(await totals.add(key, { sent: 1 }, to(5), { below: sequence(3) })).toBe(true);
      expect(await totals.add(key, { sent: 2 }, to(9), { below: sequence(6) })).toBe(true);
      const other = { shardId: 'shardId-1-2', sequence: sequence(1) };
      expect(await totals.add(key, { sent: 4 }, other, { below: sequence(1) })).toBe(true);

      expect(await countsOf(key)).toEqual({ sent: 7 });
      expect(await totals.position(key, shardId)).toBe(sequence(9));
      expect(await totals.position(key, 'shardId-1-2')).toBe(sequence(1));
      expect(await totals.position({ ...key, sender: 'other' }, shardId)).toBeUndefined();
    });

    it('adds nothing of what it may have', async () => {
      const { totals, countsOf } = await make();
      const to = { shardId, sequence: sequence(5) };
      await totals.add(key, { sent: 1 }, to, { below: sequence(5) });
      for (const below of [1, 4, 5]) {
        expect(await totals.add(key, { sent: 1 }, to, { below: sequence(below) })).toBe(false);
      }
      expect(await countsOf(key)).toEqual({ sent: 1 });
      expect(await totals.position(key, shardId)).toBe(sequence(5));
    });

    it('adds from a position on if it is still the last one', async () => {
      const { totals, countsOf } = await make();
      const to = (n: number) => ({ shardId, sequence: sequence(n) });
      expect(await totals.add(key, { sent: 1 }, to(5), { at: undefined })).toBe(true);
      expect(await totals.add(key, { sent: 1 }, to(6), { at: undefined })).toBe(false);
      expect(await totals.add(key, { sent: 1 }, to(6), { at: sequence(4) })).toBe(false);
      expect(await totals.add(key, { sent: 1 }, to(7), { at: sequence(5) })).toBe(true);
      expect(await totals.add(key, { sent: 1 }, to(7), { at: sequence(5) })).toBe(false);
      expect(await countsOf(key)).toEqual({ sent: 2 });
    });

    it('takes away, and keeps names of any kind', async () => {
      const { totals, countsOf } = await make();
      const to = (n: number) => ({ shardId, sequence: sequence(n) });
      await totals.add(key, { waiting: 1 }, to(1), { below: sequence(1) });
      const change = { waiting: -1, failed: 1, 'error:failed:config:20003': 1 };
      await totals.add(key, change, to(2), { below: sequence(2) });
      expect(await countsOf(key)).toEqual({ failed: 1, 'error:failed:config:20003': 1 });
    });
  });
}
