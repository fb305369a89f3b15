import { describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../../domain/clock.ts';
import { isPageDone, reopenPage, turnPage } from '../../../domain/replay/page.ts';
import type { Replay } from '../../../domain/replay/replay.ts';
import { firstStep } from '../../../domain/replay/steps.ts';
import { aReplay } from '../../builders/replay.ts';
import { someFailed, world } from './replay-setup.ts';

const step = firstStep({ replayId: 'replay-1', generation: 1 });
const guid = (no: number) => `guid-${String(no).padStart(6, '0')}`;

async function setUp(rows: Parameters<typeof world>[0], over: Partial<Replay> = {}) {
  const w = world(rows);
  const replay = aReplay(over);
  await w.begin(replay);
  const list = vi.spyOn(w.deps.failedRequests, 'list');
  return {
    ...w,
    list,
    turn: (from: Replay = replay, forMs = MINUTE) =>
      turnPage(step, from, w.clock() + forMs, w.deps),
    reopen: () => reopenPage(step, replay, w.deps),
  };
}

describe('turning to the next page', () => {
  it('reads a hundred rows at once, oldest first, and writes them down', async () => {
    const w = await setUp(someFailed(150));
    const first = await w.turn();

    expect(first.page?.guids).toEqual(Array.from({ length: 100 }, (_, no) => guid(no)));
    expect(first).toMatchObject({ exhausted: false });
    expect(await w.replay()).toEqual(first);
    expect(w.list).toHaveBeenCalledTimes(1);

    const second = await w.turn(first);
    expect(second.page?.guids).toEqual(Array.from({ length: 50 }, (_, no) => guid(100 + no)));
    expect(second).toMatchObject({ exhausted: true, cursor: first.page?.next });
    expect(second.page).not.toHaveProperty('next');
  });

  it('passes over pages that hold nothing of the selection', async () => {
    const rows = someFailed(250, (no) => ({ errorCode: no < 230 ? 'other' : '20003' }));
    const w = await setUp(rows, { selection: { tenantId: 'tenant-a', code: '20003' } });
    const turned = await w.turn();

    expect(w.list).toHaveBeenCalledTimes(3);
    expect(turned.page?.guids).toHaveLength(20);
    expect(turned).toMatchObject({ exhausted: true });
  });

  it('stops in a sparse selection when its time is over, and goes on from there', async () => {
    const rows = someFailed(250, (no) => ({ errorCode: no < 230 ? 'other' : '20003' }));
    const w = await setUp(rows, { selection: { tenantId: 'tenant-a', code: '20003' } });
    const first = await w.turn(undefined, 0);

    expect(w.list).toHaveBeenCalledTimes(1);
    expect(first).not.toHaveProperty('page');
    expect(first).toMatchObject({ exhausted: false, cursor: expect.any(String) });
    const second = await w.turn(first, 0);
    expect(second.cursor).not.toBe(first.cursor);
    expect((await w.turn(second, 0)).page?.guids).toHaveLength(20);
  });

  it('leaves out what this replay took before', async () => {
    const rows = someFailed(3, (no) => (no === 1 ? { replayId: 'replay-1' } : {}));
    const w = await setUp(rows);

    expect((await w.turn()).page?.guids).toEqual([guid(0), guid(2)]);
  });

  it('at the end of the selection has no page', async () => {
    const w = await setUp([]);
    const turned = await w.turn();

    expect(turned).toMatchObject({ exhausted: true });
    expect(turned).not.toHaveProperty('page');
    expect(turned).not.toHaveProperty('cursor');
  });
});

describe('a page that a run left open', () => {
  const rows = someFailed(5, (no) =>
    no < 3 ? { replayId: 'replay-1', replays: 1, status: no === 0 ? 'resolved' : 'replaying' } : {},
  );
  const page = { guids: rows.map((row) => row.guid), next: 'cursor-2' };

  it('is requeued as far as it was claimed, and counted; the rest stays to be done', async () => {
    const w = await setUp(rows, { page, requeued: 40, skipped: { expired: 2 } });
    const reopened = await w.reopen();

    expect(w.queue.messages.map(({ request }) => request.guid)).toEqual([guid(1), guid(2)]);
    expect(reopened).toMatchObject({
      page: { guids: [guid(3), guid(4)], next: 'cursor-2' },
      requeued: 43,
      skipped: { expired: 2 },
    });
    expect(await w.replay()).toEqual(reopened);
  });

  it('counts as left alone what cannot be read', async () => {
    const [, one] = rows;
    if (one === undefined) throw new Error('no row');
    const unreadable = { ...one, eventBody: '{}' };
    const w = await setUp([unreadable], { page: { guids: [one.guid] }, skipped: { expired: 2 } });

    expect(await w.reopen()).toMatchObject({
      requeued: 0,
      skipped: { expired: 2, 'needs-editing': 1 },
    });
  });

  it('of which nothing was claimed is left as it is', async () => {
    const w = await setUp(someFailed(2), { page: { guids: [guid(0), guid(1)] } });

    expect(await w.reopen()).toMatchObject({ version: 1 });
    expect(w.queue.messages).toEqual([]);
  });
});

it('a page is done when none is open, or nothing of it is left', () => {
  expect(isPageDone(aReplay())).toBe(true);
  expect(isPageDone(aReplay({ page: { guids: [], next: 'cursor-2' } }))).toBe(true);
  expect(isPageDone(aReplay({ page: { guids: ['one'] } }))).toBe(false);
});
