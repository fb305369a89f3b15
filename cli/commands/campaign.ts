import { type Command, Option } from 'commander';
import {
  type CampaignTotalsAnswer,
  campaignTotalsAnswer,
  type ListedTotalsAnswer,
  listedTotalsAnswer,
} from '../../domain/operator/answers/campaign-totals.ts';
import { type Context, contextOf, number } from '../context.ts';
import { clockTime, pairs, table, tableOrEntries, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

type Totals = CampaignTotalsAnswer['totals'];

const head = ['Accepted', 'Waiting', 'Sent', 'Delivered', 'Read', 'Undelivered', 'Failed'];
const cells = (totals: Totals): number[] => [
  totals.accepted,
  totals.waiting + totals.held + totals.inDoubt,
  totals.sent,
  totals.delivered,
  totals.read,
  totals.undelivered,
  totals.failed + totals.expired,
];

/** `950 (95 %)`, of what was accepted; nothing for 0. */
const share = (count: number, { accepted }: Totals): string | undefined =>
  count === 0 ? undefined : `${count} (${Math.round((100 * count) / Math.max(accepted, 1))} %)`;

const speedWords = ({ speed }: Totals): string | undefined => {
  const percent = (count: number) => `${Math.floor((100 * count) / speed.measured)} %`;
  return speed.measured === 0
    ? undefined
    : `${percent(speed.within10s)} within 10 s, ${percent(speed.within60s)} within 60 s`;
};

const heldWords = (totals: Totals): string | undefined => {
  const reasons = Object.entries(totals.heldBy).map(([reason, count]) => `${reason} ${count}`);
  const held = share(totals.held, totals);
  return held && reasons.length > 0 ? `${held}: ${reasons.join(', ')}` : held;
};

function lines(campaign: CampaignTotalsAnswer): [string, string | undefined][] {
  const { totals } = campaign;
  const { segments } = totals;
  const of = (count: number) => share(count, totals);
  return [
    ['Task', [campaign.taskId, campaign.externalCode].filter(Boolean).join(' · ')],
    ['Started', utcTime(campaign.startedAt)],
    ['Last change', campaign.updatedAt === null ? undefined : utcTime(campaign.updatedAt)],
    ['Accepted', String(totals.accepted)],
    ['Waiting', of(totals.waiting)],
    ['Held', heldWords(totals)],
    ['In doubt', of(totals.inDoubt)],
    ['Sent', of(totals.sent)],
    ['Delivered', of(totals.delivered)],
    ['Read', of(totals.read)],
    ['Clicked', of(totals.clicked)],
    ['Undelivered', of(totals.undelivered)],
    ['Canceled', of(totals.canceled)],
    ['Failed', of(totals.failed)],
    ['Expired', of(totals.expired)],
    ['Replayed', of(totals.replayed)],
    ['Sent in time', speedWords(totals)],
    ['Segments', segments.count === 0 ? undefined : String(segments.count)],
  ];
}

const errorTable = ({ errors }: CampaignTotalsAnswer, width: number): string =>
  tableOrEntries(
    ['Count', 'Outcome', 'Class, code', 'Cause and advice'],
    errors.map((error) => [
      error.count,
      error.outcome,
      `${error.class}\n${error.code}`,
      `${error.meaning} ${error.advice}`.trim(),
    ]),
    width,
  );

function shown(campaign: CampaignTotalsAnswer, { width }: Context): string {
  const parts = [pairs(lines(campaign), width)];
  if (campaign.rows.length > 0) {
    const name = campaign.by === null ? '' : campaign.by;
    const rows = campaign.rows.map((row) => [row.name || '—', ...cells(row.totals)]);
    parts.push(table([name.replace(/^./, (first) => first.toUpperCase()), ...head], rows));
  }
  if (campaign.errors.length > 0) parts.push(errorTable(campaign, width));
  return parts.join('\n');
}

function listed({ items, cursor }: ListedTotalsAnswer, { width }: Context): string {
  if (items.length === 0) {
    return 'No campaigns yet. What is still in the queue is not counted: npm run cli -- status';
  }
  const rows = items.map((item) => [
    clockTime(item.startedAt),
    ...cells(item.totals),
    [item.externalCode, item.taskId].filter(Boolean).join(' '),
  ]);
  const more = cursor ? `\nThere are more: --cursor ${cursor}` : '';
  return `${tableOrEntries(['Started (UTC)', ...head, 'Task'], rows, width)}${more}`;
}

/** `campaign`: how campaigns do. */
export function campaignCommands(program: Command, io: Io): void {
  const campaign = program.command('campaign').description('how campaigns do');
  campaign
    .command('list')
    .description('campaigns and their totals, the latest to start first')
    .option('--limit <count>', 'campaigns to show', number)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .action(async (options: { limit?: number; cursor?: string }, own: Command) => {
      const context = contextOf(own, io);
      const query = { tenantId: context.tenant, ...options };
      const answer = await context.client.get('/campaigns', query, listedTotalsAnswer);
      context.print(answer, () => listed(answer, context));
    });
  campaign
    .command('show <task>')
    .description('the totals of one campaign (task id or code), and why messages failed')
    .addOption(
      new Option('--by <what>', 'break it down').choices([
        'day',
        'hour',
        'country',
        'sender',
        'error',
      ]),
    )
    .option('--from <day>', 'accepted on or after: 2026-11-20')
    .option('--to <day>', 'accepted on or before')
    .action(
      async (task: string, options: { by?: string; from?: string; to?: string }, own: Command) => {
        const context = contextOf(own, io);
        const answer = await context.client.get(
          `/campaigns/${encodeURIComponent(task)}`,
          { tenantId: context.tenant, ...options },
          campaignTotalsAnswer,
        );
        context.print(answer, () => shown(answer, context));
      },
    );
}
