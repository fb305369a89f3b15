import type { Counts, TotalsKey } from '../../domain/campaigns/counted.ts';
import { sameKey, sum } from '../../domain/campaigns/totals.ts';
import type { Totals } from '../../domain/campaigns/totals-ports.ts';

type Entry = { key: TotalsKey; counts: Counts; positions: Map<string, string> };

export function fakeTotals() {
  const entries = new Map<string, Entry>();
  const entryOf = (key: TotalsKey): Entry =>
    entries.get(sameKey(key)) ?? { key, counts: {}, positions: new Map() };
  const port: Totals = {
    add: async (key, counts, { shardId, sequence }, when) => {
      const entry = entryOf(key);
      const at = entry.positions.get(shardId);
      const holds = 'below' in when ? at === undefined || at < when.below : at === when.at;
      if (!holds) return false;
      entry.positions.set(shardId, sequence);
      entries.set(sameKey(key), { ...entry, counts: sum([entry.counts, counts]) });
      return true;
    },
    position: async (key, shardId) => entryOf(key).positions.get(shardId),
  };
  return { ...port, all: () => [...entries.values()] };
}
