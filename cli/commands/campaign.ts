import { type Command, Option } from 'commander';
import {
  type CampaignTotalsAnswer,
  campaignTotalsAnswer,
  type ListedTotalsAnswer,
  listedTotalsAnswer,
} from '../../domain/operator/answers/campaign-totals.ts';
import {
  type ControlAnswer,
  type ControlledAnswer,
  controlledAnswer,
} from '../../domain/operator/answers/campaigns.ts';
import { type Context, contextOf, neededTenant, number } from '../context.ts';
import { clockTime, counted, pairs, table, tableOrEntries, utcTime } from '../format.ts';
import type { Io } from '../io.ts';
import { rebuildCommand } from './campaign-rebuild.ts';

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

/** ` since 09:00, by on-call: wrong link` */
const saidWords = ({ by, at, reason }: ControlAnswer): string =>
  by === null || at === null
    ? ''
    : ` since ${utcTime(at)}, by ${by}${reason === '' ? '' : `: ${reason}`}`;

function lines(campaign: CampaignTotalsAnswer): [string, string | undefined][] {
  const { totals } = campaign;
  const { segments } = totals;
  const of = (count: number) => share(count, totals);
  return [
    ['Task', [campaign.taskId, campaign.externalCode].filter(Boolean).join(' · ')],
    ['State', `${campaign.control.state}${saidWords(campaign.control)}`],
    ['Releasing', campaign.releasing ? 'held messages are being put back on the queue' : undefined],
    ['Started', campaign.startedAt === null ? undefined : utcTime(campaign.startedAt)],
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

const inForce = ({ controls }: ListedTotalsAnswer): string[] =>
  controls.map(
    (control) =>
      `${control.taskId === '*' ? 'All of the tenant' : control.taskId} is ${control.state}${saidWords(control)}`,
  );

function listed(answer: ListedTotalsAnswer, { width }: Context): string {
  const { items, cursor } = answer;
  if (items.length === 0) {
    const none =
      'No campaigns yet. What is still in the queue is not counted: npm run cli -- status';
    return [none, ...inForce(answer)].join('\n');
  }
  const rows = items.map((item) => [
    item.startedAt === null ? '' : clockTime(item.startedAt),
    item.control.state,
    ...cells(item.totals),
    [item.externalCode, item.taskId].filter(Boolean).join(' '),
  ]);
  const more = cursor ? `\nThere are more: --cursor ${cursor}` : '';
  const all = tableOrEntries(['Started (UTC)', 'State', ...head, 'Task'], rows, width);
  return [all, ...inForce(answer)].join('\n') + more;
}

/** `campaign`: how campaigns do, and holding, resuming or stopping them. */
export function campaignCommands(program: Command, io: Io): void {
  const campaign = program
    .command('campaign')
    .description('how campaigns do; holding, resuming and stopping them');
  campaign
    .command('list')
    .description('campaigns and their totals, the latest to start first')
    .option('--limit <count>', 'campaigns to show', number)
    .option('--cursor <cursor>', 'continue after the last page')
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
  rebuildCommand(campaign, io);
  const descriptions: Readonly<Record<Word, string>> = {
    hold: "let nothing of it leave; '*' for all of the tenant",
    resume: 'let it leave again, and send what was held',
    stop: 'let nothing of it leave any more, and keep the rest for a replay',
  };
  for (const word of ['hold', 'resume', 'stop'] as const) {
    campaign
      .command(`${word} <task>`)
      .description(`${descriptions[word]} (task id or code)`)
      .option('--reason <text>', 'why, for those who look at it later')
      .action((taskId: string, options: { reason?: string }, own: Command) =>
        control(word, taskId, options, contextOf(own, io)),
      );
  }
}

const nameOf = ({ taskId, tenantId }: ControlledAnswer): string =>
  taskId === '*' ? `All of ${tenantId}` : taskId;

const keptWords = ({ held }: ControlledAnswer): string =>
  `${held.hasMore ? 'more than ' : ''}${counted(held.count, 'message')}`;

/** What the command did, and what happens next. */
const doneWords = {
  hold: (campaign: ControlledAnswer) =>
    `${nameOf(campaign)} is on hold. Within 10 seconds nothing new leaves; what the provider already has is not called back.\n` +
    'Messages are kept until you resume or stop it, or for as long as hold_max allows.',
  resume: (campaign: ControlledAnswer) =>
    `${nameOf(campaign)} is resumed. Held messages go back on the queue from 10 seconds from now on (now held: ${keptWords(campaign)}).`,
  stop: (campaign: ControlledAnswer) =>
    `${nameOf(campaign)} is stopped. Within 10 seconds nothing new leaves.\n` +
    'What has not left becomes a failed request of class "stopped". To send it after all: npm run cli -- replay start --class stopped',
} as const;
type Word = keyof typeof doneWords;

/** A command about one campaign may be overruled by one about all of the tenant. */
const overruled = (word: Word, { control: { state } }: ControlledAnswer): string =>
  word === 'resume' && state !== 'running'
    ? `\nIt stays ${state}, because all of the tenant is ${state}.`
    : '';

const unseen = ({ known, taskId }: ControlledAnswer): string =>
  known
    ? ''
    : `\nNo message of ${taskId} was seen yet. The task may start later; if it should have, compare the name with its id or code in CI360.`;

async function control(
  word: Word,
  taskId: string,
  { reason }: { readonly reason?: string },
  context: Context,
): Promise<void> {
  const tenantId = neededTenant(context);
  const path = `/campaigns/${encodeURIComponent(taskId)}/${word}`;
  const campaign = await context.client.post(path, { tenantId, reason }, controlledAnswer);
  context.print(
    campaign,
    () => `${doneWords[word](campaign)}${overruled(word, campaign)}${unseen(campaign)}`,
  );
}
