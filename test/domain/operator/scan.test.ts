import { describe, expect, it, vi } from 'vitest';
import { purge } from '../../../domain/operator/purge.ts';
import { checkCode, scan } from '../../../domain/operator/scan.ts';
import { someFailed } from '../replay/replay-setup.ts';
import { service } from './service.ts';

const all = { tenantId: 'tenant-a' };

function setUp(rows: ReturnType<typeof someFailed>, budgetMs = 15_000) {
  const { deps, w } = service(rows, { budgetMs });
  const { list } = deps.failedRequests;
  const limits: number[] = [];
  Object.assign(deps.failedRequests, {
    list: async (...args: Parameters<typeof list>) => {
      limits.push(args[1].limit);
      return list(...args);
    },
  });
  return { deps, w, limits };
}

describe('reading a selection', () => {
  it('goes on, 500 rows a read, until there are no more', async () => {
    const { deps, limits } = setUp(someFailed(1200));
    const read: number[] = [];
    const end = await scan(all, 'failed', {}, (rows) => read.push(rows.length) > 0, deps);

    expect(read).toEqual([500, 500, 200]);
    expect(limits).toEqual([500, 500, 500]);
    expect(end).toEqual({});
  });

  it('begins with the oldest unless it is asked otherwise', async () => {
    const { deps } = setUp(someFailed(2));
    const first = async (order?: 'newest-first') => {
      let guid: string | undefined;
      const take = (rows: readonly { guid: string }[]) => {
        guid = rows[0]?.guid;
        return true;
      };
      await scan(all, 'failed', order ? { order } : {}, take, deps);
      return guid;
    };

    expect(await first()).toBe('guid-000000');
    expect(await first('newest-first')).toBe('guid-000001');
  });

  it('stops with a cursor when enough was taken, and goes on from there', async () => {
    const { deps } = setUp(someFailed(5));
    const read: string[] = [];
    const take = (rows: readonly { guid: string }[]) => {
      read.push(...rows.map(({ guid }) => guid));
      return false;
    };
    const limit = () => 2;
    const { cursor } = await scan(all, 'failed', { limit }, take, deps);
    expect(read).toEqual(['guid-000000', 'guid-000001']);
    await scan(all, 'failed', { limit, cursor }, take, deps);
    expect(read).toHaveLength(4);
  });

  it('stops with a cursor when its time is up, and not before', async () => {
    const { deps, w } = setUp(someFailed(1200), 10);
    let reads = 0;
    const take = () => {
      reads += 1;
      w.clock.advance(5);
      return true;
    };
    const { cursor } = await scan(all, 'failed', {}, take, deps);
    expect(reads).toBe(2);
    expect(cursor).toEqual(expect.any(String));
  });

  it('hands over only what is selected', async () => {
    const { deps } = setUp(someFailed(4, (no) => ({ errorCode: no === 2 ? '21610' : '20003' })));
    const read: number[] = [];
    await scan({ ...all, code: '21610' }, 'failed', {}, (rows) => read.push(rows.length) > 0, deps);
    expect(read).toEqual([1]);
  });
});

describe('a code', () => {
  it.each(['failed', 'replaying', 'resolved'] as const)(
    'that a request has which is %s is accepted',
    async (status) => {
      const { deps } = setUp(someFailed(1, () => ({ status, errorCode: '4711' })));
      await expect(checkCode({ ...all, code: '4711' }, deps)).resolves.toBeUndefined();
    },
  );

  it('of a provider, or none, is accepted without a look', async () => {
    const { deps, limits } = setUp([]);
    await checkCode({ ...all, code: '20003' }, deps);
    await checkCode(all, deps);
    expect(limits).toEqual([]);
  });

  it('that is not found before the time is up is accepted', async () => {
    const { deps } = setUp(someFailed(501), 0);
    await expect(checkCode({ ...all, code: '4711' }, deps)).resolves.toBeUndefined();
  });

  it('that nothing has is refused', async () => {
    const { deps } = setUp(someFailed(3));
    await expect(checkCode({ ...all, code: '4711' }, deps)).rejects.toThrow(
      'No failed request has the code 4711, and no provider has such a code.',
    );
  });
});

describe('a purge', () => {
  it('counts what it removed, and leaves what a replay took meanwhile', async () => {
    const { deps, w } = setUp(someFailed(3));
    const { remove } = deps.failedRequests;
    vi.spyOn(deps.failedRequests, 'remove').mockImplementation(async (row) =>
      row.guid === 'guid-000001' ? false : remove(row),
    );
    expect(await purge(all, 'failed', undefined, deps)).toEqual({ purged: 2 });
    expect(w.failedRequests.all().map(({ guid }) => guid)).toEqual(['guid-000001']);
  });

  it('that runs out of time says where to go on', async () => {
    const { deps } = setUp(someFailed(700), 0);
    const { purged, cursor } = await purge(all, 'failed', undefined, deps);
    expect(purged).toBe(500);
    expect(await purge(all, 'failed', cursor, deps)).toEqual({ purged: 200 });
  });
});
