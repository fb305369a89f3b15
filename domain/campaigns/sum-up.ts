import type { Counts, TotalsKey } from './counted.ts';
import { sum } from './totals.ts';

/** One item of totals, as it is read. */
export type StoredTotals = {
  readonly key: TotalsKey;
  readonly counts: Counts;
  /** Of its latest change, ms since 1970. */
  readonly updatedAt: number;
};

/** What totals can be broken down by. */
export const dimensions = ['day', 'hour', 'country', 'sender', 'error'] as const;
export type Dimension = (typeof dimensions)[number];

/** The states in which the provider has the message. */
const atProvider = ['sent', 'delivered', 'read', 'undelivered', 'canceled'] as const;

const ERROR = 'error:';
const HELD = 'held:';

/** Totals as a person reads them: a message that was read was also delivered and sent. */
export function funnelOf(counts: Counts) {
  // Of messages that began before totals did, only the latest changes were added: until a rebuild, less than none.
  const count = (name: string) => Math.max(0, counts[name] ?? 0);
  const read = count('read');
  return {
    accepted: count('accepted'),
    waiting: count('waiting'),
    held: count('held'),
    inDoubt: count('inDoubt'),
    sent: atProvider.reduce((total, state) => total + count(state), 0),
    delivered: count('delivered') + read,
    read,
    clicked: count('clicked'),
    undelivered: count('undelivered'),
    canceled: count('canceled'),
    failed: count('failed'),
    expired: count('expired'),
    replayed: count('replayed'),
    heldBy: parts(counts, HELD),
    segments: { count: count('segments'), ofMessages: count('segmentsOf') },
    speed: {
      measured: count('timed'),
      within10s: count('within10s'),
      within60s: count('within60s'),
    },
  };
}

/** The counts whose names begin so, by the rest of their names. */
const parts = (counts: Counts, prefix: string): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) =>
      name.startsWith(prefix) && count > 0 ? [[name.slice(prefix.length), count]] : [],
    ),
  );

export type Part = { readonly name: string; readonly counts: Counts };

const nameBy: Readonly<Record<Exclude<Dimension, 'error'>, (key: TotalsKey) => string>> = {
  day: ({ hour }) => hour.slice(0, 10),
  hour: ({ hour }) => `${hour}:00Z`,
  country: ({ country }) => country,
  sender: ({ sender }) => sender,
};

/** Totals by day, hour, country or sender: times in their order, others with the most messages first. */
export function broken(
  stored: readonly StoredTotals[],
  by: Exclude<Dimension, 'error'>,
): readonly Part[] {
  const groups = Map.groupBy(stored, ({ key }) => nameBy[by](key));
  const rows = [...groups].map(([name, items]) => ({
    name,
    counts: sum(items.map(({ counts }) => counts)),
  }));
  const isTime = by === 'day' || by === 'hour';
  return rows.sort((a, b) =>
    isTime
      ? a.name.localeCompare(b.name)
      : (b.counts.accepted ?? 0) - (a.counts.accepted ?? 0) || a.name.localeCompare(b.name),
  );
}

export type CountedError = {
  readonly provider: string;
  /** Not handed to the provider (`failed`), too old (`expired`), or taken and not delivered (`undelivered`). */
  readonly outcome: string;
  readonly class: string;
  readonly code: string;
  readonly count: number;
};

/** Why messages were not sent or not delivered, the most frequent first. */
export function errorsOf(stored: readonly StoredTotals[]): readonly CountedError[] {
  const byProvider = Map.groupBy(stored, ({ key }) => key.provider);
  const errors = [...byProvider].flatMap(([provider, items]) =>
    Object.entries(parts(sum(items.map(({ counts }) => counts)), ERROR)).map(([name, count]) => {
      const [outcome = '', failureClass = '', ...code] = name.split(':');
      return { provider, outcome, class: failureClass, code: code.join(':'), count };
    }),
  );
  return errors.sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}

/** The latest change of any of them, ms since 1970. */
export const latestOf = (stored: readonly StoredTotals[]): number | undefined =>
  stored.reduce<number | undefined>(
    (latest, { updatedAt }) => (latest === undefined ? updatedAt : Math.max(latest, updatedAt)),
    undefined,
  );
