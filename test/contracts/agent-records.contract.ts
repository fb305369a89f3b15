import { describe, expect, it } from 'vitest';
import type { AgentRecords } from '../../domain/agents/agent-records.ts';

const record = (version: number, data: unknown = { n: version }) => ({
  id: 'tenant-a#one',
  version,
  data,
  expiresAt: 5_000,
});

/** What every store of agents' records does. `make` gives an empty one. */
export function agentRecordsContract(name: string, make: () => Promise<AgentRecords>) {
  describe(`${name}, as AgentRecords`, () => {
    it('gives back what was put, and nothing for what was not', async () => {
      const records = await make();
      expect(await records.get('tenant-a#one')).toBeUndefined();
      const data = { text: 'é', list: [1, null], nested: { deep: true } };
      expect(await records.put(record(1, data))).toBe(true);
      expect(await records.get('tenant-a#one')).toEqual(record(1, data));
    });

    it('lets one of two writers of a version win', async () => {
      const records = await make();
      const won = await Promise.all([1, 2, 3].map((n) => records.put(record(1, { n }))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await records.put(record(3))).toBe(false);
      expect(await records.put(record(2))).toBe(true);
      expect(await records.put(record(2))).toBe(false);
    });

    it('counts on from 1 and gives no number twice', async () => {
      const records = await make();
      const given = await Promise.all(Array.from({ length: 20 }, () => records.next('t#pool')));
      expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
      expect(await records.next('t#other')).toBe(1);
    });
  });
}
