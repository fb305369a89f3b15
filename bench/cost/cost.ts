import type { Step } from '../calls/measure-calls.ts';
import { type StepPlan, stepPlans } from '../calls/steps.ts';
import type { Flags } from '../flags.ts';
import { memoryMegabytes, readServerlessFile } from '../serverless-file.ts';
import { round, type Table } from '../table.ts';
import { fixedCosts } from './fixed-costs.ts';
import { type Prices, readPrices } from './prices.ts';
import { type Assumptions, type Billed, stepUsage } from './step-usage.ts';
import { streamTable } from './stream-cost.ts';
import { costOf, resourceNames, resources, sumOf, times, type Usage } from './usage.ts';

const MILLION = 1e6;

/** A connector that calls the provider inside CI360's request: one function, no queue, no table. */
const direct: Billed = {
  invocations: { 'direct-connector': 1 },
  records: 0,
  queue: 0,
  writeUnits: 0,
  readUnits: 0,
  logBytes: 500,
  transitions: 0,
  items: [],
};

/** What a month of `volume` uses, part by part. */
export type Parts = Readonly<
  Record<'messages' | 'refused' | 'statuses' | 'replies' | 'replays', Usage>
>;

export function monthOf(volume: Flags['volume'], usageOf: (name: Step['name']) => Usage): Parts {
  const { messages, failed, replayed, replies, statuses } = volume;
  const sent = messages * (1 - failed);
  return {
    messages: sumOf([times(usageOf('accepted'), messages), times(usageOf('sent'), sent)]),
    refused: times(usageOf('refused'), messages * failed),
    statuses: times(usageOf('status'), sent * statuses),
    replies: times(usageOf('reply'), sent * replies),
    replays: times(usageOf('replayed'), messages * replayed),
  };
}

export function costTables(
  steps: readonly Step[],
  ownMs: Assumptions['ownMs'],
  volume: Flags['volume'],
): Table[] {
  const prices = readPrices();
  const file = readServerlessFile();
  const assumed: Assumptions = {
    ownMs,
    providerMs: volume.providerMs,
    batch: volume.batch,
    memoryMegabytes,
  };
  const usageOf = (name: Step['name']): Usage => {
    const step = steps.find((each) => each.name === name);
    if (!step) throw new Error(`${name} was not counted.`);
    const { rewrites }: StepPlan = stepPlans[name];
    return stepUsage(rewrites ? { ...step, items: [] } : step, assumed);
  };
  return [
    perMillion(usageOf, stepUsage(direct, assumed), prices, volume),
    streamTable(prices),
    month(monthOf(volume, usageOf), fixedCosts(file, prices), prices, volume),
  ];
}

function perMillion(
  usageOf: (name: Step['name']) => Usage,
  directUsage: Usage,
  prices: Prices,
  { providerMs, batch }: Flags['volume'],
): Table {
  const columns: readonly (readonly [string, Usage])[] = [
    ['sent', sumOf([usageOf('accepted'), usageOf('sent')])],
    ['direct connector', directUsage],
    ['status updates', usageOf('status')],
    ['replies', usageOf('reply')],
    ['refused', usageOf('refused')],
    ['replayed', usageOf('replayed')],
  ];
  return {
    name: 'cost',
    title: 'Cost of a million',
    about: [
      `US$ for a million of each, at AWS's list prices of ${prices.checked} (${prices.region}, no free tier; \`bench/prices-2026.json\`), from the counts above. The provider and CI360 take ${providerMs} ms; a batch holds ${batch}. "Sent" goes from CI360's event to the provider's answer. The direct connector calls the provider inside CI360's request: it pays for the waiting of each message by itself, and keeps nothing: no record, no second try, no replay.`,
    ],
    columns: ['item', ...columns.map(([title]) => title)],
    rows: [
      ...resourceNames.map((name) => [
        resources[name].label,
        ...columns.map(([, usage]) => round(costOf(times(usage, MILLION), prices, name), 2)),
      ]),
      ['**total**', ...columns.map(([, usage]) => round(costOf(times(usage, MILLION), prices), 2))],
    ],
  };
}

function month(
  parts: Parts,
  fixed: readonly { item: string; usd: number }[],
  prices: Prices,
  volume: Flags['volume'],
): Table {
  const { messages, failed, replayed, replies, statuses } = volume;
  const percent = (share: number) => `${round(share * 100, 2)} %`;
  const byUse: readonly (readonly [string, number])[] = [
    ['messages: accepted, and sent', costOf(parts.messages, prices)],
    [`refused by the provider (${percent(failed)})`, costOf(parts.refused, prices)],
    [`status updates (${statuses} a message)`, costOf(parts.statuses, prices)],
    [`replies (${percent(replies)})`, costOf(parts.replies, prices)],
    [`replayed (${percent(replayed)})`, costOf(parts.replays, prices)],
  ];
  const total = [...byUse.map(([, usd]) => usd), ...fixed.map(({ usd }) => usd)].reduce(
    (sum, usd) => sum + usd,
    0,
  );
  return {
    name: 'month',
    title: 'Cost of a month',
    about: [
      `US$ for ${messages.toLocaleString('en-US')} events in a month, one tenant; \`npm run bench -- cost --messages 5e6 --replies 0.02\` reckons for other months. What Twilio or Syniverse charge for the messages is many times this and not in it.`,
    ],
    columns: ['item', 'US$ a month'],
    rows: [
      ...byUse.map(([item, usd]) => [item, round(usd, 2)]),
      ...fixed.map(({ item, usd }) => [item, round(usd, 2)]),
      ['**total**', round(total, 2)],
      ['**a thousand messages**', messages > 0 ? round((total / messages) * 1000, 4) : null],
    ],
  };
}
