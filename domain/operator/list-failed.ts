import type { Selection } from '../replay/selection.ts';
import { rowsOf } from '../replay/take.ts';
import type { FailedRequestAnswer } from './answers/failed-requests.ts';
import type { OperatorDeps } from './deps.ts';
import { type Status, scan } from './scan.ts';
import { viewOfRow } from './views.ts';

/** A page of the selected rows. */
export async function listFailed(
  selection: Selection,
  status: Status,
  page: {
    readonly order: 'oldest-first' | 'newest-first';
    readonly limit: number;
    readonly cursor: string | undefined;
  },
  deps: OperatorDeps,
) {
  const items: FailedRequestAnswer[] = [];
  const end = await scan(
    selection,
    status,
    { cursor: page.cursor, order: page.order, limit: () => page.limit - items.length },
    async (listed) => {
      const guids = listed.map(({ guid }) => guid);
      const rows = await rowsOf(selection, guids, deps);
      // One that has moved on since the index was written belongs to another list.
      items.push(...rows.filter((row) => row.status === status).map(viewOfRow));
      return items.length < page.limit;
    },
    deps,
  );
  return { items, ...end };
}
