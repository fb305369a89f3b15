import pMap from 'p-map';
import type { FailedRequest } from '../delivery/failed-request.ts';
import type { ReplayDeps } from './deps.ts';
import { addSkipped, dispatch } from './dispatch.ts';
import type { Step } from './ports.ts';
import type { Replay } from './replay.ts';
import { matches, queryOf } from './selection.ts';
import { commit } from './steps.ts';
import { recall } from './take.ts';

/** Rows that one read of the table's index may give: a page is this long at most. */
const PAGE = 100;
/** Reads under way at once. */
const CONCURRENCY = 25;

/** A page's requests that are still to be looked at, in order. */
export type OpenPage = { readonly replay: Replay; readonly rows: readonly FailedRequest[] };

/**
 * Makes good what a run that died may have left: requests of the page that this replay claimed go on
 * the queue again, and are counted once. What it had not claimed is given back as the rest of the page.
 */
export async function reopenPage(step: Step, replay: Replay, deps: ReplayDeps): Promise<OpenPage> {
  if (replay.page === undefined) return { replay, rows: [] };
  const rows = await pMap(
    replay.page.guids.slice(replay.page.done),
    (guid) => deps.failedRequests.get(guid),
    { concurrency: CONCURRENCY },
  );
  const present = rows.filter((row) => row !== undefined);
  const mine = present.filter((row) => row.replayId === replay.replayId);
  const rest = present.filter((row) => row.replayId !== replay.replayId);
  if (mine.length === 0 && rest.length === rows.length) return { replay, rows: rest };

  const taken = await recall(mine, replay, deps);
  const tally = await dispatch(taken, deps);
  const page = { ...replay.page, guids: rest.map(({ guid }) => guid), done: 0 };
  const changes = {
    page,
    requeued: replay.requeued + tally.requeued,
    skipped: addSkipped(replay.skipped, tally.skipped),
  };
  return { replay: await commit(step, replay, changes, deps), rows: rest };
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
): Promise<OpenPage> {
  const query = queryOf(replay.selection, 'failed', 'oldest-first');
  let cursor = replay.page === undefined ? replay.cursor : replay.page.next;
  for (;;) {
    const { items, cursor: next } = await deps.failedRequests.list(query, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const rows = items.filter(
      (row) => row.replayId !== replay.replayId && matches(replay.selection, row),
    );
    if (rows.length > 0 || next === undefined || deps.clock() >= endsAt) {
      const changes = {
        cursor,
        page:
          rows.length === 0
            ? undefined
            : {
                guids: rows.map(({ guid }) => guid),
                done: 0,
                ...(next === undefined ? {} : { next }),
              },
        exhausted: next === undefined,
        ...(rows.length === 0 && next !== undefined ? { cursor: next } : {}),
      };
      return { replay: await commit(step, replay, changes, deps), rows };
    }
    cursor = next;
  }
}

/** Whether nothing of the page is left to look at. */
export const isPageDone = ({ page }: Replay): boolean =>
  page === undefined || page.done >= page.guids.length;
