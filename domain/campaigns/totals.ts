import { type Counted, type Counts, countsOf, type TotalsKey, totalsKeyOf } from './counted.ts';

/** A change of a delivery, as the table's stream has it. A delivery that the table drops stays counted. */
export type Change = {
  /** Grows within a shard. */
  readonly sequence: string;
  readonly before: Counted | undefined;
  readonly after: Counted;
};

/** What one change adds to one item of totals. */
type Step = { readonly sequence: string; readonly counts: Counts };
/** What a batch adds to one item of totals, in the order of the shard. */
export type Steps = { readonly key: TotalsKey; readonly steps: readonly Step[] };

/** The names that are not 0. */
const withoutZeros = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

/** The sum of counts; `times` -1 takes away. */
export function sum(all: readonly Counts[], times = 1): Counts {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) {
      total[name] = (total[name] ?? 0) + count * times;
    }
  }
  return withoutZeros(total);
}

const minus = (counts: Counts, other: Counts): Counts => sum([counts, sum([other], -1)]);

export const sameKey = (key: TotalsKey): string =>
  JSON.stringify([
    key.tenantId,
    key.taskId,
    key.hour,
    key.provider,
    key.channel,
    key.country,
    key.sender,
  ]);

/** What a change adds, to one item of totals or, when it moves the delivery, to two. */
function stepsOf({ before, after }: Change): { key: TotalsKey; counts: Counts }[] {
  const from = before && totalsKeyOf(before);
  const to = totalsKeyOf(after);
  const less = before && from ? { key: from, counts: sum([countsOf(before)], -1) } : undefined;
  const more = to ? { key: to, counts: countsOf(after) } : undefined;
  if (less && more && sameKey(less.key) === sameKey(more.key)) {
    return [{ key: more.key, counts: minus(more.counts, countsOf(before ?? after)) }];
  }
  return [less, more].filter((step) => step !== undefined);
}

/** What a batch adds to each item of totals. A change that counts for nothing new is left out. */
export function addedBy(changes: readonly Change[]): Steps[] {
  const found = new Map<string, { key: TotalsKey; steps: Step[] }>();
  for (const change of changes) {
    for (const { key, counts } of stepsOf(change)) {
      if (Object.keys(counts).length === 0) continue;
      const id = sameKey(key);
      const entry = found.get(id) ?? { key, steps: [] };
      entry.steps.push({ sequence: change.sequence, counts });
      found.set(id, entry);
    }
  }
  return [...found.values()];
}

/** The totals of a set of deliveries, by `sameKey`. */
export function totalsOf(
  deliveries: Iterable<Counted>,
): Map<string, { readonly key: TotalsKey; readonly counts: Counts }> {
  const totals = new Map<string, { key: TotalsKey; counts: Counts }>();
  for (const delivery of deliveries) {
    const key = totalsKeyOf(delivery);
    if (key === undefined) continue;
    const id = sameKey(key);
    totals.set(id, {
      key,
      counts: sum([totals.get(id)?.counts ?? {}, countsOf(delivery)]),
    });
  }
  return totals;
}
