import pMap from 'p-map';
import type { Selection } from '../replay/selection.ts';
import type { OperatorDeps } from './deps.ts';
import { type Status, scan } from './scan.ts';

const CONCURRENCY = 25;

/** Deletes the selected rows permanently. One that a replay takes meanwhile stays. */
export async function purge(
  selection: Selection,
  status: Exclude<Status, 'replaying'>,
  cursor: string | undefined,
  deps: OperatorDeps,
) {
  let purged = 0;
  const end = await scan(
    selection,
    status,
    { cursor },
    async (rows) => {
      const removed = await pMap(rows, (row) => deps.failedRequests.remove(row), {
        concurrency: CONCURRENCY,
      });
      purged += removed.filter(Boolean).length;
      return true;
    },
    deps,
  );
  return { purged, ...end };
}
