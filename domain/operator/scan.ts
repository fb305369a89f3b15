import type * as z from 'zod';
import type { ListedRequest } from '../failed-requests/failed-request.ts';
import { notFound } from '../refused.ts';
import { matches, queryOf, type Selection, type statusSchema } from '../replay/selection.ts';
import type { OperatorDeps } from './deps.ts';

export type Status = z.infer<typeof statusSchema>;
type ScanDeps = Pick<OperatorDeps, 'failedRequests' | 'clock'> & {
  readonly settings: Pick<OperatorDeps['settings'], 'budgetMs'>;
};
export type CheckCodeDeps = ScanDeps & Pick<OperatorDeps, 'isKnownCode'>;

/** Rows of one read of the index. */
const READ = 500;

/**
 * Hands the selected rows to `take`, a read at a time, until there are no more, `take` answers false,
 * or the time is up; then gives the cursor with which another request goes on.
 */
export async function scan(
  selection: Selection,
  status: Status,
  page: {
    readonly cursor?: string | undefined;
    readonly order?: 'oldest-first' | 'newest-first';
    /** How many rows the next read may give; default 500. */
    readonly limit?: () => number;
  },
  take: (rows: readonly ListedRequest[]) => Promise<boolean> | boolean,
  deps: ScanDeps,
): Promise<{ readonly cursor?: string }> {
  const query = queryOf(selection, status, page.order ?? 'oldest-first');
  const endsAt = deps.clock() + deps.settings.budgetMs;
  let cursor = page.cursor;
  for (;;) {
    const { items, cursor: next } = await deps.failedRequests.list(query, {
      limit: page.limit?.() ?? READ,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const goOn = await take(items.filter((row) => matches(selection, row)));
    if (next === undefined) return {};
    if (!goOn || deps.clock() >= endsAt) return { cursor: next };
    cursor = next;
  }
}

/** Refuses a code that is in no error table and that no failed request of the tenant has. */
export async function checkCode({ tenantId, code }: Selection, deps: CheckCodeDeps): Promise<void> {
  if (code === undefined || deps.isKnownCode(code)) return;
  for (const status of ['failed', 'replaying', 'resolved'] as const) {
    let found = false;
    const { cursor } = await scan(
      { tenantId, code },
      status,
      {},
      (rows) => {
        found = rows.length > 0;
        return !found;
      },
      deps,
    );
    // Time was up before the end: it may be further on.
    if (found || cursor !== undefined) return;
  }
  throw notFound(`No failed request has the code ${code}, and no provider has such a code.`);
}
