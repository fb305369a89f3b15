import pMap from 'p-map';
import { MINUTE } from '../clock.ts';
import type { Observe } from '../observe.ts';
import {
  type Counted,
  type Counts,
  countsOf,
  firstFullHour,
  type TotalsKey,
  totalsKeyOf,
} from './counted.ts';
import type { StoredTotals } from './sum-up.ts';
import { sameKey, sum } from './totals.ts';

/** An item of totals, and how often it was changed: a repair names the change that it read. */
export type CheckedTotals = StoredTotals & { readonly changes: number };

/** What a check reads and repairs. Throws `Unavailable`. */
export type CheckedRecords = {
  /** Every delivery, in parallel segments and pages, in no order. */
  readonly deliveries: () => AsyncIterable<readonly Counted[]>;
  readonly totals: () => Promise<readonly CheckedTotals[]>;
  /** Puts these counts in place of those of that change; false when there was another since. 0 for an item that is not there. */
  readonly replace: (key: TotalsKey, counts: Counts, changes: number) => Promise<boolean>;
};

export type CheckDeps = {
  readonly records: CheckedRecords;
  readonly clock: () => number;
  readonly deliveryTtlSeconds: number;
  readonly observe: Observe;
};

export type CheckResult = {
  readonly deliveries: number;
  /** Items of totals that were compared. */
  readonly compared: number;
  /** Those that change too often to be compared now. */
  readonly changing: number;
  readonly different: number;
  readonly repaired: number;
};

/**
 * How long nothing of an item may have changed. The stream is behind the table by seconds; while it is
 * behind by more, the alarm totals-age is raised, and a repair would count what still comes twice.
 */
const QUIET_MS = 15 * MINUTE;
/** Items repaired at once. */
const AT_ONCE = 10;

type Expected = { readonly key: TotalsKey; readonly counts: Counts; readonly latest: number };

async function expectedTotals({ records }: CheckDeps) {
  const expected = new Map<string, Expected>();
  let deliveries = 0;
  for await (const page of records.deliveries()) {
    deliveries += page.length;
    for (const delivery of page) {
      const key = totalsKeyOf(delivery);
      if (key === undefined) continue;
      const id = sameKey(key);
      const known = expected.get(id);
      expected.set(id, {
        key,
        counts: sum([known?.counts ?? {}, countsOf(delivery)]),
        latest: Math.max(known?.latest ?? 0, delivery.updatedAt),
      });
    }
  }
  return { expected, deliveries };
}

const sameCounts = (one: Counts, other: Counts): boolean =>
  Object.keys(sum([one, sum([other], -1)])).length === 0;

const byId = (totals: readonly CheckedTotals[]) =>
  new Map(totals.map((item) => [sameKey(item.key), item]));

/**
 * Compares the totals with the table of deliveries, item by item, and with `repair` puts right what
 * differs. Only hours of which every delivery is still kept are compared, and only items at rest: nothing
 * of them changed for a while, nor while the tables were read. Safe to repeat, and beside the stream.
 */
export async function checkTotals(
  { repair }: { readonly repair: boolean },
  deps: CheckDeps,
): Promise<CheckResult> {
  const { clock, deliveryTtlSeconds, observe, records } = deps;
  const start = clock();
  const before = byId(await records.totals());
  const { expected, deliveries } = await expectedTotals(deps);
  const after = byId(await records.totals());

  const isQuiet = (at: number | undefined) => (at ?? 0) < start - QUIET_MS;
  const firstHour = firstFullHour(start, deliveryTtlSeconds);
  const ids = [...new Set([...expected.keys(), ...after.keys()])];
  const items = ids
    .map((id) => ({ found: after.get(id), was: before.get(id), want: expected.get(id) }))
    .filter(({ found, want }) => ((want ?? found)?.key.hour ?? '') >= firstHour);
  const atRest = items.filter(
    ({ found, was, want }) =>
      found?.changes === was?.changes && isQuiet(found?.updatedAt) && isQuiet(want?.latest),
  );
  const different = atRest.filter(
    ({ found, want }) => !sameCounts(found?.counts ?? {}, want?.counts ?? {}),
  );

  const repairs = await pMap(
    repair ? different : [],
    async ({ found, want }) => {
      const key = (want ?? found)?.key;
      return key !== undefined && records.replace(key, want?.counts ?? {}, found?.changes ?? 0);
    },
    { concurrency: AT_ONCE },
  );
  const repaired = repairs.filter(Boolean).length;
  observe.count('totals_drift', {}, different.length - repaired);
  const result = {
    deliveries,
    compared: atRest.length,
    changing: items.length - atRest.length,
    different: different.length,
    repaired,
  };
  observe.info('totals were compared with the table', {
    count: different.length,
    status: repair ? `${repaired} repaired` : 'compared',
  });
  return result;
}
