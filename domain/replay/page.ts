import type { ReplayDeps } from './deps.ts';
import { addSkipped, dispatch } from './dispatch.ts';
import type { Step } from './ports.ts';
import type { Replay } from './replay.ts';
import { matches, queryOf } from './selection.ts';
import { commit } from './steps.ts';
import { isTakenBy, recall, rowsOf } from './take.ts';

/** The largest page: the number of rows that one read of the table's index returns at most. */
const PAGE = 100;

/**
 * Recovers from a run that died: requests of the page that this replay had claimed are queued again, and
 * counted once. The others remain in the page.
 */
export async function reopenPage(step: Step, replay: Replay, deps: ReplayDeps): Promise<Replay> {
  const { page } = replay;
  if (page === undefined) return replay;
  const rows = await rowsOf(replay, page.guids, deps);
  const mine = rows.filter((row) => isTakenBy(replay, row));
  if (mine.length === 0) return replay;

  const tally = await dispatch(await recall(mine, replay, deps), deps);
  const rest = rows.filter((row) => !isTakenBy(replay, row));
  const changes = {
    page: { ...page, guids: rest.map(({ guid }) => guid) },
    requeued: replay.requeued + tally.requeued,
    skipped: addSkipped(replay.skipped, tally.skipped),
  };
  return commit(step, replay, changes, deps);
}

/**
 * Reads to the next page that has any request of the selection, and stores it before any of them is claimed.
 * Stops at `endsAt` with what it has read, so that a sparse selection makes progress.
 */
export async function turnPage(
  step: Step,
  replay: Replay,
  endsAt: number,
  deps: ReplayDeps,
): Promise<Replay> {
  const query = queryOf(replay.selection, 'failed', 'oldest-first');
  let cursor = replay.page === undefined ? replay.cursor : replay.page.next;
  for (;;) {
    const { items, cursor: next } = await deps.failedRequests.list(query, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const rows = items.filter((row) => !isTakenBy(replay, row) && matches(replay.selection, row));
    if (rows.length > 0) {
      const page = { guids: rows.map(({ guid }) => guid), ...(next === undefined ? {} : { next }) };
      return commit(step, replay, { cursor, page, exhausted: next === undefined }, deps);
    }
    if (next === undefined) {
      return commit(step, replay, { cursor, page: undefined, exhausted: true }, deps);
    }
    cursor = next;
    if (deps.clock() >= endsAt) {
      return commit(step, replay, { cursor, page: undefined, exhausted: false }, deps);
    }
  }
}

/**
 * Frees what a replay that failed has claimed of its page. Whether it is on the queue is not known: a copy
 * that is there is sent, or found to be older than the next replay's. Without its replay's id, the row can
 * be taken by any replay, this one included when it is resumed.
 */
export async function giveBackPage(
  replay: Replay,
  deps: Pick<ReplayDeps, 'failedRequests'>,
): Promise<void> {
  for (const row of await rowsOf(replay, replay.page?.guids ?? [], deps)) {
    if (row.status !== 'replaying' || !isTakenBy(replay, row)) continue;
    const { replayId: _over, ...free } = row;
    await deps.failedRequests.swap(row, { ...free, status: 'failed' });
  }
}

/** Whether nothing of the page is left to look at. */
export const isPageDone = ({ page }: Replay): boolean =>
  page === undefined || page.guids.length === 0;
