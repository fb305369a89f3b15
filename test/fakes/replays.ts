import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import type { ReplayOutcomes, Replays } from '../../domain/replay/ports.ts';
import type { ListedReplay, Replay } from '../../domain/replay/replay.ts';
import { outageOf } from './outage.ts';

const listed = ({
  cursor: _,
  page: __,
  samples: ___,
  countedUpTo: ____,
  ...rest
}: Replay): ListedReplay => rest;

/** Replays in memory. What goes in and comes out is a copy. */
export function fakeReplays(initial: readonly Replay[] = []) {
  const kept = new Map(initial.map((replay) => [replay.replayId, structuredClone(replay)]));
  const outage = outageOf('replays');
  const port: Replays = {
    insert: async (replay) => {
      outage.check();
      if (kept.has(replay.replayId)) return false;
      kept.set(replay.replayId, structuredClone(replay));
      return true;
    },
    get: async (replayId) => {
      outage.check();
      return structuredClone(kept.get(replayId));
    },
    swap: async (next) => {
      outage.check();
      if (kept.get(next.replayId)?.version !== next.version - 1) return false;
      kept.set(next.replayId, structuredClone(next));
      return true;
    },
    list: async (tenantId, { limit, cursor }) => {
      outage.check();
      const query = { tenantId };
      const from = cursor === undefined ? 0 : decodeCursor(query, cursor, z.number());
      const items = [...kept.values()]
        .filter((replay) => replay.tenantId === tenantId)
        .sort((a, b) => b.createdAt - a.createdAt);
      const more = items.length > from + limit;
      return {
        items: structuredClone(items.slice(from, from + limit).map(listed)),
        ...(more ? { cursor: encodeCursor(query, from + limit) } : {}),
      };
    },
  };
  return { ...port, outage };
}

/** Counts what a fake store of failed requests holds. */
export const fakeReplayOutcomes = (store: {
  readonly all: () => readonly FailedRequest[];
}): ReplayOutcomes => ({
  count: async (replayId) => {
    const mine = store.all().filter((row) => row.replayId === replayId);
    const by = (status: FailedRequest['status']) =>
      mine.filter((row) => row.status === status).length;
    return { resolved: by('resolved'), failed: by('failed') };
  },
  isUnderWay: async ({ tenantId, replayId }) =>
    store
      .all()
      .some(
        (row) =>
          row.tenantId === tenantId && row.replayId === replayId && row.status === 'replaying',
      ),
});
