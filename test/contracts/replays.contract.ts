import { describe, expect, it } from 'vitest';
import { CursorRefused } from '../../domain/cursor.ts';
import type { FailedRequests } from '../../domain/failed-requests/ports.ts';
import type { ReplayOutcomes, Replays } from '../../domain/replay/ports.ts';
import { nextVersion } from '../../domain/replay/replay.ts';
import { aFailedRequest } from '../builders/failed-request.ts';
import { BUILT_AT } from '../builders/message-request.ts';
import { aReplay } from '../builders/replay.ts';

/** What every store of replays does. `make` gives an empty one. */
export function replaysContract(name: string, make: () => Promise<Replays>) {
  describe(`${name}, as Replays`, () => {
    it('keeps a replay with every field', async () => {
      const store = await make();
      const replay = aReplay({
        control: 'pause',
        cursor: 'here',
        page: { guids: ['a', 'b'], next: 'there' },
        skipped: { expired: 3, 'opted-out': 1 },
        pace: { at: BUILT_AT, from: 10 },
        waitingSince: BUILT_AT,
        reason: 'because',
        finishedAt: BUILT_AT,
      });
      expect(await store.insert(replay)).toBe(true);
      expect(await store.get(replay.replayId)).toEqual(replay);
    });

    it('keeps a replay that has only what it must have', async () => {
      const store = await make();
      await store.insert(aReplay());
      expect(await store.get('replay-1')).toEqual(aReplay());
      expect(await store.get('replay-2')).toBeUndefined();
    });

    it('inserts an id once', async () => {
      const store = await make();
      await store.insert(aReplay());
      expect(await store.insert(aReplay({ requeued: 5 }))).toBe(false);
      expect((await store.get('replay-1'))?.requeued).toBe(0);
    });

    it('lets one of two writers that read the same version win', async () => {
      const store = await make();
      await store.insert(aReplay({ control: 'pause' }));
      const next = nextVersion(aReplay({ control: 'pause' }), { control: undefined }, BUILT_AT);
      const wins = await Promise.all([store.swap(next), store.swap({ ...next, requeued: 1 })]);
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(await store.get('replay-1')).not.toHaveProperty('control');
    });

    it('lists every field but the place in the selection and earlier counts', async () => {
      const store = await make();
      const replay = aReplay({
        control: 'pause',
        skipped: { expired: 3 },
        pace: { at: BUILT_AT, from: 10 },
        waitingSince: BUILT_AT,
        reason: 'because',
        finishedAt: BUILT_AT,
      });
      const { samples: _, countedUpTo: __, ...listed } = replay;
      await store.insert({ ...replay, cursor: 'here', page: { guids: ['a'] } });
      expect(await store.list('tenant-a', { limit: 10 })).toEqual({ items: [listed] });
    });

    it("lists a tenant's replays, newest first, in pages", async () => {
      const store = await make();
      for (let no = 1; no <= 3; no++) {
        await store.insert(aReplay({ replayId: `replay-${no}`, createdAt: BUILT_AT + no }));
      }
      await store.insert(aReplay({ replayId: 'other', tenantId: 'tenant-b' }));
      const first = await store.list('tenant-a', { limit: 2 });
      expect(first.items.map(({ replayId }) => replayId)).toEqual(['replay-3', 'replay-2']);
      const cursor = first.cursor ?? '';
      const second = await store.list('tenant-a', { limit: 2, cursor });
      expect(second.items.map(({ replayId }) => replayId)).toEqual(['replay-1']);
      await expect(store.list('tenant-b', { limit: 2, cursor })).rejects.toThrow(CursorRefused);
    });
  });
}

/** What every counter of outcomes does, over a store of failed requests. */
export function replayOutcomesContract(
  name: string,
  make: () => Promise<{ outcomes: ReplayOutcomes; failedRequests: FailedRequests }>,
) {
  describe(`${name}, as ReplayOutcomes`, () => {
    it('counts what a replay took, by what became of it', async () => {
      const { outcomes, failedRequests } = await make();
      const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((guid) => aFailedRequest({ guid }));
      for (const row of rows) await failedRequests.add(row);
      const became = [
        { status: 'replaying', replayId: 'r1' },
        { status: 'replaying', replayId: 'r1' },
        { status: 'resolved', replayId: 'r1' },
        { status: 'failed', replayId: 'r1', replays: 1 },
        { status: 'replaying', replayId: 'r2' },
      ] as const;
      for (const [at, change] of became.entries()) {
        const row = rows[at];
        if (row) await failedRequests.swap(row, { ...row, ...change });
      }
      expect(await outcomes.count('r1')).toEqual({ resolved: 1, failed: 1 });
      expect(await outcomes.count('r2')).toEqual({ resolved: 0, failed: 0 });
      expect(await outcomes.count('r3')).toEqual({ resolved: 0, failed: 0 });
    });

    it('says whether anything of a replay is on its way', async () => {
      const { outcomes, failedRequests } = await make();
      const underWay = (replayId: string, tenantId = 'tenant-a') =>
        outcomes.isUnderWay({ tenantId, replayId });
      const failed = aFailedRequest();
      await failedRequests.add(failed);
      expect(await underWay('r1')).toBe(false);

      const taken = { ...failed, status: 'replaying', replayId: 'r1', replays: 1 } as const;
      await failedRequests.swap(failed, taken);
      expect([await underWay('r1'), await underWay('r2')]).toEqual([true, false]);
      expect(await underWay('r1', 'tenant-b')).toBe(false);

      const again = { ...taken, status: 'failed' } as const;
      await failedRequests.swap(taken, again);
      expect(await underWay('r1')).toBe(false);
      await failedRequests.swap(again, { ...taken, replayId: 'r2', replays: 2 });
      expect([await underWay('r1'), await underWay('r2')]).toEqual([false, true]);
    });
  });
}
