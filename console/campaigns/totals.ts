import type { CampaignTotalsAnswer } from '../../domain/operator/answers/campaign-totals.ts';

export type Totals = CampaignTotalsAnswer['totals'];
export type Row = CampaignTotalsAnswer['rows'][number];

export type Step = { readonly name: string; readonly count: number; readonly tone: string };

/** How far the messages of a campaign came: each step is a part of the one before. */
export const funnelOf = (totals: Totals): readonly Step[] => [
  { name: 'Accepted', count: totals.accepted, tone: 'idle' },
  { name: 'Sent', count: totals.sent, tone: 'sent' },
  { name: 'Delivered', count: totals.delivered, tone: 'good' },
  { name: 'Read', count: totals.read, tone: 'good' },
  { name: 'Clicked', count: totals.clicked, tone: 'good' },
];

/** What keeps messages from the next step; those of which there are none are left out. */
export const othersOf = (totals: Totals): readonly Step[] =>
  [
    { name: 'Waiting', count: totals.waiting, tone: 'idle' },
    { name: 'Held', count: totals.held, tone: 'warn' },
    { name: 'In doubt', count: totals.inDoubt, tone: 'warn' },
    { name: 'Undelivered', count: totals.undelivered, tone: 'bad' },
    { name: 'Failed', count: totals.failed, tone: 'bad' },
    { name: 'Expired', count: totals.expired, tone: 'bad' },
    { name: 'Canceled', count: totals.canceled, tone: 'idle' },
  ].filter(({ count }) => count > 0);

/** What is drawn of a column, from the bottom up. It adds up to what was accepted. */
export const layers = ['delivered', 'sent', 'open', 'failed'] as const;
export type Layer = (typeof layers)[number];
export type Column = { readonly name: string; readonly counts: Readonly<Record<Layer, number>> };

function columnOf({ name, totals }: Row): Column {
  const lost = totals.undelivered + totals.canceled;
  return {
    name,
    counts: {
      delivered: totals.delivered,
      sent: Math.max(0, totals.sent - totals.delivered - lost),
      open: totals.waiting + totals.held + totals.inDoubt,
      failed: totals.failed + totals.expired + lost,
    },
  };
}

const HOUR_MS = 3_600_000;
/** With more hours than this, columns are days. */
const MOST_HOURS = 72;

/** `2026-03-02T09:00Z` */
const hourName = (ms: number): string => `${new Date(ms).toISOString().slice(0, 13)}:00Z`;

const none: Column['counts'] = { delivered: 0, sent: 0, open: 0, failed: 0 };

const plus = (a: Column['counts'], b: Column['counts']): Column['counts'] => ({
  delivered: a.delivered + b.delivered,
  sent: a.sent + b.sent,
  open: a.open + b.open,
  failed: a.failed + b.failed,
});

function byDay(columns: readonly Column[]): readonly Column[] {
  const days = new Map<string, Column['counts']>();
  for (const { name, counts } of columns) {
    const day = name.slice(0, 10);
    days.set(day, plus(days.get(day) ?? none, counts));
  }
  return [...days].map(([name, counts]) => ({ name, counts }));
}

/** The columns of a timeline from rows by hour: hours without messages too, or days where there are many. */
export function columnsOf(rows: readonly Row[]): readonly Column[] {
  const columns = rows.map(columnOf);
  const first = Date.parse(columns[0]?.name ?? '');
  const last = Date.parse(columns.at(-1)?.name ?? '');
  if (Number.isNaN(first) || Number.isNaN(last)) return [];
  const hours = (last - first) / HOUR_MS + 1;
  if (hours > MOST_HOURS) return byDay(columns);
  const known = new Map(columns.map(({ name, counts }) => [name, counts]));
  return Array.from({ length: hours }, (_, at) => {
    const name = hourName(first + at * HOUR_MS);
    return { name, counts: known.get(name) ?? none };
  });
}

export const heightOf = ({ counts }: Column): number =>
  layers.reduce((sum, layer) => sum + counts[layer], 0);

/** What an operator may do with a campaign in a state. */
export const commandsIn = (state: string): readonly ('hold' | 'resume' | 'stop')[] => {
  if (state === 'held') return ['resume', 'stop'];
  return state === 'stopped' ? ['resume'] : ['hold', 'stop'];
};
