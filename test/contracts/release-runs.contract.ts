import { describe, expect, it } from 'vitest';
import type { Runs } from '../../domain/campaigns/ports.ts';
import type { Run } from '../../domain/campaigns/run.ts';
import { BUILT_AT } from '../builders/message-request.ts';

const due: Run = {
  runId: 'due',
  scope: { kind: 'due' },
  version: 1,
  execution: 'one',
  startedAt: BUILT_AT,
  lastPassFrom: BUILT_AT,
};
const campaign: Run = {
  ...due,
  runId: 'campaign#tenant-a#TSK_1',
  scope: { kind: 'campaign', tenantId: 'tenant-a', taskId: 'TSK_1', which: 'on-hold' },
};

/** What every store of releases does. `make` gives an empty one. */
export function releaseRunsContract(name: string, make: () => Promise<Runs>) {
  describe(`${name}, as Runs`, () => {
    it('keeps one release under an id, and lists them all', async () => {
      const runs = await make();
      expect(await runs.list()).toEqual([]);
      expect(await runs.insert(due)).toBe(true);
      expect(await runs.insert({ ...due, execution: 'two' })).toBe(false);
      expect(await runs.insert(campaign)).toBe(true);
      expect(await runs.get('due')).toEqual(due);
      expect(await runs.list()).toHaveLength(2);
      expect(await runs.list()).toContainEqual(campaign);
    });

    it('is replaced by whoever read its latest version', async () => {
      const runs = await make();
      await runs.insert(due);
      expect(await runs.swap({ ...due, version: 2, execution: 'two' })).toBe(true);
      expect(await runs.swap({ ...due, version: 2, execution: 'three' })).toBe(false);
      expect(await runs.get('due')).toMatchObject({ version: 2, execution: 'two' });
    });

    it('ends only for whoever knows its latest version, and once it has ended is no surprise', async () => {
      const runs = await make();
      await runs.insert(due);
      await runs.swap({ ...due, version: 2 });
      expect(await runs.end(due)).toBe(false);
      expect(await runs.end({ ...due, version: 2 })).toBe(true);
      expect(await runs.end({ ...due, version: 2 })).toBe(true);
      expect(await runs.get('due')).toBeUndefined();
      expect(await runs.insert(due)).toBe(true);
    });
  });
}
