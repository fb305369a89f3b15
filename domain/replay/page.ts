import type { ReplayDeps } from './deps.ts';
import { addSkipped, dispatch } from './dispatch.ts';
import type { Step } from './ports.ts';
import type { Replay } from './replay.ts';
import { matches, queryOf } from './selection.ts';
import { commit } from './steps.ts';
import { isTakenBy, recall, rowsOf } from './take.ts';

/** Rows that one read of the table's index may give: a page is this long at most. */
const PAGE = 100;

/**
 * Makes good what a run that died may have left: requests of the page that this replay claimed go on
 * the queue again, and are counted once. What it had not claimed is the rest of the page.
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
 * Reads on to the next page that holds anything of the selection and writes it down before any of it
 * is touched. Gives up at `endsAt` with what it has read, so that a sparse selection makes progress.
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
    if (rows.length > 0 || next === undefined || deps.clock() >= endsAt) {
      const changes = {
        cursor,
        page:
          rows.length === 0
            ? undefined
            : {
                guids: rows.map(({ guid }) => guid),
                ...(next === undefined ? {} : { next }),
              },
        exhausted: next === undefined,
        ...(rows.length === 0 && next !== undefined ? { cursor: next } : {}),
      };
      return commit(step, replay, changes, deps);
    }
    cursor = next;
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
