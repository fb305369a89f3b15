import { describe, expect, it } from 'vitest';
import { CursorRefused } from '../../domain/cursor.ts';
import type { FailedRequestQuery, FailedRequests } from '../../domain/failed-requests/ports.ts';
import { aFailedRequest } from '../builders/failed-request.ts';

const guidOf = (no: number) => `guid-${String(no).padStart(3, '0')}`;
const timeOf = (no: number) => new Date(Date.UTC(2026, 2, 2, 9, 0, no)).toISOString();

async function withSome(make: () => Promise<FailedRequests>, count: number) {
  const store = await make();
  for (let no = 0; no < count; no++) {
    await store.add(aFailedRequest({ guid: guidOf(no), insertTs: timeOf(no) }));
  }
  return store;
}

async function guidsOf(store: FailedRequests, query: FailedRequestQuery, limit: number) {
  const guids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(query, cursor === undefined ? { limit } : { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    guids.push(...page.items.map((item) => item.guid));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return guids;
}

/** What every store of failed requests does. `make` gives an empty one. */
export function failedRequestsContract(name: string, make: () => Promise<FailedRequests>) {
  const all: FailedRequestQuery = { tenantId: 'tenant-a', status: 'failed' };

  describe(`${name}, as FailedRequests`, () => {
    it('keeps a request with every field', async () => {
      const store = await make();
      const request = aFailedRequest({ replayId: 'replay-1', replays: 1, status: 'replaying' });
      expect(await store.add(request)).toBe('added');
      expect(await store.get(request.guid)).toEqual(request);
      expect(await store.get(request.guid, request.tenantId)).toEqual(request);
    });

    it('keeps a request that has only what it must have', async () => {
      const store = await make();
      const { advice, httpStatus, ...request } = aFailedRequest({ taskId: '', sender: '' });
      expect([advice, httpStatus]).not.toContain(undefined);
      await store.add(request);
      expect(await store.get(request.guid)).toEqual(request);
    });

    it('adds a request once, and leaves the first as it is', async () => {
      const store = await make();
      await store.add(aFailedRequest({ errorCode: 'first' }));
      expect(await store.add(aFailedRequest({ errorCode: 'second' }))).toBe('exists');
      expect((await store.get(aFailedRequest().guid))?.errorCode).toBe('first');
    });

    it('lets nobody displace the request of another tenant with the same guid', async () => {
      const store = await make();
      const [a, b] = [{ tenantId: 'tenant-a' }, { tenantId: 'tenant-b' }].map(aFailedRequest);
      if (!a || !b) throw new Error('two requests');
      expect(await store.add(a)).toBe('added');
      expect(await store.add(b)).toBe('added');
      expect(await store.add(b)).toBe('exists');
      expect(await store.get(a.guid, 'tenant-a')).toEqual(a);
      const kept = await store.get(b.guid, 'tenant-b');
      expect(kept).toEqual({ ...b, guid: `tenant-b#${b.guid}` });
      expect(await store.get(a.guid, 'tenant-c')).toBeUndefined();
      if (!kept) throw new Error('kept');
      expect(await store.swap(kept, { ...b, status: 'resolved' })).toBe(true);
      expect((await store.get(a.guid, 'tenant-a'))?.status).toBe('failed');
      expect((await store.get(b.guid, 'tenant-b'))?.status).toBe('resolved');
    });

    it('swaps what is unchanged since it was read', async () => {
      const store = await make();
      const failed = aFailedRequest();
      await store.add(failed);
      const replaying = { ...failed, status: 'replaying' as const, replays: 1, replayId: 'r1' };
      expect(await store.swap(failed, replaying)).toBe(true);
      expect(await store.get(failed.guid)).toEqual(replaying);
    });

    it.each([
      ['status', { status: 'resolved' as const }],
      ['count of replays', { replays: 2 }],
    ])('refuses to swap after another writer changed the %s', async (_what, change) => {
      const store = await make();
      const failed = aFailedRequest();
      await store.add({ ...failed, ...change });
      expect(await store.swap(failed, { ...failed, status: 'replaying', replays: 1 })).toBe(false);
      expect(await store.get(failed.guid)).toEqual({ ...failed, ...change });
    });

    it('gives a request to one of two replays that claim it at once', async () => {
      const store = await make();
      const failed = aFailedRequest();
      await store.add(failed);
      const claims = await Promise.all(
        ['r1', 'r2', 'r3'].map((replayId) =>
          store.swap(failed, { ...failed, status: 'replaying', replays: 1, replayId }),
        ),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    it('removes what is unchanged, and does so again without complaint', async () => {
      const store = await make();
      const failed = aFailedRequest();
      await store.add(failed);
      expect(await store.remove({ ...failed, replays: 1 })).toBe(false);
      expect(await store.remove(failed)).toBe(true);
      expect(await store.get(failed.guid)).toBeUndefined();
      expect(await store.remove(failed)).toBe(true);
    });

    it('gives many by their guids, whole and in the order asked, without those it has not', async () => {
      const store = await withSome(make, 130);
      const guids = [129, 3, 0, 64].map(guidOf);
      const [last, ...others] = await store.getMany(guids);
      expect(last).toEqual(aFailedRequest({ guid: guidOf(129), insertTs: timeOf(129) }));
      expect([last, ...others].map((one) => one?.guid)).toEqual(guids);
      const every = Array.from({ length: 130 }, (_, no) => guidOf(no));
      expect(await store.getMany([...every, 'absent'])).toHaveLength(130);
      expect(await store.getMany(['absent'])).toEqual([]);
      expect(await store.getMany([])).toEqual([]);
    });

    it('lists every field but the body', async () => {
      const store = await make();
      const { eventBody, ...listed } = aFailedRequest({ replayId: 'r1', replays: 1 });
      await store.add({ eventBody, ...listed });
      expect(await store.list(all, { limit: 10 })).toEqual({ items: [listed] });
    });

    it.each([1, 3, 7, 100])('lists oldest first in pages of %i', async (limit) => {
      const store = await withSome(make, 7);
      expect(await guidsOf(store, all, limit)).toEqual([0, 1, 2, 3, 4, 5, 6].map(guidOf));
    });

    it('lists newest first', async () => {
      const store = await withSome(make, 5);
      const guids = await guidsOf(store, { ...all, order: 'newest-first' }, 2);
      expect(guids).toEqual([4, 3, 2, 1, 0].map(guidOf));
    });

    it('lists a window with both its ends', async () => {
      const store = await withSome(make, 6);
      const since = timeOf(2);
      const until = timeOf(4);
      expect(await guidsOf(store, { ...all, since, until }, 2)).toEqual([2, 3, 4].map(guidOf));
      expect(await guidsOf(store, { ...all, since }, 10)).toEqual([2, 3, 4, 5].map(guidOf));
      expect(await guidsOf(store, { ...all, until }, 10)).toEqual([0, 1, 2, 3, 4].map(guidOf));
      expect(await guidsOf(store, { ...all, since: until, until: since }, 10)).toEqual([]);
    });

    it('lists requests of one millisecond each once', async () => {
      const store = await make();
      const guids = [0, 1, 2, 3, 4].map(guidOf);
      for (const guid of guids) await store.add(aFailedRequest({ guid }));
      expect((await guidsOf(store, all, 2)).sort()).toEqual(guids);
    });

    it('keeps the place of a cursor while items before it leave the list', async () => {
      const store = await withSome(make, 6);
      const first = await store.list(all, { limit: 3 });
      for (const { guid } of first.items) {
        const item = await store.get(guid);
        if (item) await store.swap(item, { ...item, status: 'replaying' });
      }
      if (first.cursor === undefined) throw new Error('a cursor');
      const second = await store.list(all, { limit: 3, cursor: first.cursor });
      expect(second.items.map((item) => item.guid)).toEqual([3, 4, 5].map(guidOf));
    });

    it('lists one tenant and one status only', async () => {
      const store = await withSome(make, 2);
      await store.add(aFailedRequest({ guid: 'other', tenantId: 'tenant-b' }));
      const first = await store.get(guidOf(0));
      if (!first) throw new Error('first');
      await store.swap(first, { ...first, status: 'resolved' });
      expect(await guidsOf(store, all, 10)).toEqual([guidOf(1)]);
      expect(await guidsOf(store, { ...all, status: 'resolved' }, 10)).toEqual([guidOf(0)]);
      expect(await guidsOf(store, { ...all, tenantId: 'tenant-b' }, 10)).toEqual(['other']);
      expect(await guidsOf(store, { ...all, tenantId: 'nobody' }, 10)).toEqual([]);
    });

    it('refuses a cursor of another query, and one that is damaged', async () => {
      const store = await withSome(make, 3);
      const { cursor } = await store.list(all, { limit: 1 });
      if (cursor === undefined) throw new Error('a cursor');
      for (const [query, given] of [
        [{ ...all, status: 'resolved' as const }, cursor],
        [{ ...all, tenantId: 'tenant-b' }, cursor],
        [{ ...all, since: timeOf(0) }, cursor],
        [{ ...all, order: 'newest-first' as const }, cursor],
        [all, 'no cursor at all'],
        [all, ''],
        [all, `${cursor}x`.slice(3)],
      ] as const) {
        await expect(store.list(query, { limit: 1, cursor: given })).rejects.toThrow(CursorRefused);
      }
      const again = await store.list(
        { status: 'failed', tenantId: 'tenant-a' },
        { limit: 1, cursor },
      );
      expect(again.items.map((item) => item.guid)).toEqual([guidOf(1)]);
    });
  });
}
