import { type Command, Option } from 'commander';
import {
  type Group,
  groupsAnswer,
  purgeAnswer,
  type Row,
  rowsAnswer,
  type Story,
  storyAnswer,
} from '../answers.ts';
import { confirmTenant } from '../confirm.ts';
import {
  type Context,
  contextOf,
  neededTenant,
  number,
  selectionOf,
  withSelection,
} from '../context.ts';
import {
  causeWords,
  clockTime,
  counted,
  doubtWords,
  pairs,
  replayableWords,
  tableOrEntries,
  utcTime,
  wrap,
} from '../format.ts';
import type { Io } from '../io.ts';

type Options = Record<string, unknown>;

const statusOption = () =>
  new Option('--status <status>', 'status').choices(['failed', 'replaying', 'resolved']);

/** Nothing has failed while a provider is down: its messages wait. */
const NOTHING =
  'Nothing has failed in this selection. Messages may still be waiting: npm run cli -- status';

/** Adds up the groups of every page. */
export async function allGroups(context: Context, query: Record<string, string | undefined>) {
  const groups = new Map<string, Group>();
  let cursor: string | undefined;
  do {
    const page = await context.client.get(
      '/failed-requests',
      { ...query, group: 'true', cursor },
      groupsAnswer,
    );
    for (const group of page.groups) {
      const { provider, kind, code, sender, taskId } = group;
      const key = JSON.stringify([provider, kind, group.class, code, sender, taskId]);
      const known = groups.get(key);
      groups.set(key, known ? { ...group, count: known.count + group.count } : group);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Words on whether a replay helps take no more of a table's width. */
const REPLAY_WIDTH = 11;

/** Senders and tasks, often of 36 characters, are broken in two where the terminal is narrow. */
const idWidth = (width: number): number => (width < 120 ? 19 : 40);

/** Two words below one another, what is empty or said already left out. */
const lines = (first: string, second: string, width: number): string =>
  [...new Set([first, second])]
    .filter((one) => one !== '')
    .map((one) => wrap(one, width))
    .join('\n');

const showGroups = (groups: readonly Group[], width: number): string => {
  if (groups.length === 0) return NOTHING;
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const rows = groups.map((group) => [
    group.count,
    group.kind === 'external-event' ? `event · ${group.provider}` : group.provider,
    lines(group.class, group.code, idWidth(width)),
    lines(group.sender, group.taskId, idWidth(width)),
    wrap(replayableWords(group.replayable), REPLAY_WIDTH),
    `${group.message} ${group.advice}`.trim(),
  ]);
  const entries = groups.map((group) => [
    `${group.count} × ${group.kind === 'external-event' ? 'event · ' : ''}${group.provider}`,
    [...new Set([group.class, group.code])].join(' '),
    group.sender && `from ${group.sender}`,
    group.taskId && `task ${group.taskId}`,
    `replay: ${replayableWords(group.replayable)}`,
    `${group.message} ${group.advice}`.trim(),
  ]);
  const head = ['Count', 'Provider', 'Class, code', 'Sender, task', 'Replay', 'Cause and advice'];
  return `${tableOrEntries(head, rows, width, entries)}\n${total} in ${counted(groups.length, 'group')}.`;
};

async function groups(options: Options, context: Context) {
  const found = await allGroups(context, {
    ...selectionOf(options, context),
    status: typeof options.status === 'string' ? options.status : undefined,
  });
  context.print({ groups: found }, () => showGroups(found, context.width));
}

async function list(options: Options, context: Context) {
  const answer = await context.client.get(
    '/failed-requests',
    {
      ...selectionOf(options, context),
      status: typeof options.status === 'string' ? options.status : undefined,
      limit: typeof options.limit === 'number' ? options.limit : undefined,
      cursor: typeof options.cursor === 'string' ? options.cursor : undefined,
      order: options.oldestFirst === true ? 'oldest-first' : undefined,
    },
    rowsAnswer,
  );
  context.print(answer, () => {
    if (answer.items.length === 0) return NOTHING;
    const rows = answer.items.map((row) => [
      clockTime(row.failedAt),
      row.guid,
      row.to,
      row.channel,
      row.class,
      row.code,
      row.replays,
      row.message,
    ]);
    const head = ['Failed at (UTC)', 'Guid', 'To', 'Channel', 'Class', 'Code', 'Replays', 'Cause'];
    const more = answer.cursor ? `\nThere are more: --cursor ${answer.cursor}` : '';
    return `${tableOrEntries(head, rows, context.width)}${more}`;
  });
}

/** What is left to do about a failed request: nothing once it was sent. */
function remedies({ status, kind, advice, replayable }: Row): [string, string][] {
  if (status === 'resolved') {
    const done = kind === 'external-event' ? 'CI360 has it now' : 'it was sent after all';
    return [['Replay', `not needed: ${done}`]];
  }
  const replay = status === 'replaying' ? 'under way' : replayableWords(replayable);
  return [
    ['Advice', advice || '—'],
    ['Replay', replay],
  ];
}

function storyLines({ failedRequest: row, delivery, replay }: Story) {
  const after = (count: number, what: string) =>
    count === 0 ? '' : `, after ${counted(count, what)}`;
  const lines: [string, string | undefined][] = [
    ['Guid', row.guid],
    ['Status', `${row.status}${after(row.replays, 'replay')}`],
    ['What', `${row.kind} over ${row.provider} (${row.channel}) to ${row.to || '—'}`],
    ['From', `${row.sender || '—'} in task ${row.taskId || '—'}`],
    ['Generated', utcTime(row.generatedAt)],
    ['Failed', `${utcTime(row.failedAt)}${after(row.attempts, 'attempt')}`],
    ['Cause', causeWords(row)],
    ...remedies(row),
    ['Kept until', utcTime(row.expiresAt)],
  ];
  if (delivery !== null) {
    const { status, updatedAt, providerMessageId, inDoubt } = delivery;
    lines.push(
      ['Delivery', `${status}, changed ${utcTime(updatedAt)}`],
      ['Provider’s id', providerMessageId ?? undefined],
      ['In doubt', inDoubt === null ? undefined : doubtWords(inDoubt)],
    );
  }
  if (replay !== null) lines.push(['Last replay', `${replay.replayId}, ${replay.status}`]);
  return lines;
}

async function show(guid: string, context: Context) {
  const story = await context.client.get(
    `/failed-requests/${encodeURIComponent(guid)}`,
    { tenantId: context.namedTenant },
    storyAnswer,
  );
  context.print(story, () => pairs(storyLines(story), context.width));
}

async function purge(options: Options, context: Context) {
  const tenantId = neededTenant(context);
  const selection = selectionOf(options, context);
  const status = typeof options.status === 'string' ? options.status : undefined;
  if (options.yes !== true) {
    const found = await allGroups(context, { ...selection, status });
    const total = found.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) {
      context.print({ purged: 0 }, () => 'Nothing is selected: there is nothing to delete.');
      return;
    }
    const what = `${counted(total, 'failed request')} will be deleted and cannot be replayed.`;
    await confirmTenant(context, tenantId, what, 'Nothing was deleted');
  }
  let purged = 0;
  let cursor: string | undefined;
  do {
    const page = await context.client.post(
      '/failed-requests/purge',
      { ...selection, status, confirm: tenantId, cursor },
      purgeAnswer,
    );
    purged += page.purged;
    cursor = page.cursor;
  } while (cursor !== undefined);
  context.print({ purged }, () => `${purged} deleted.`);
}

/** `failed`: what was not sent and why, in groups and rows. */
export function failedCommands(program: Command, io: Io): void {
  const failed = withSelection(
    program.command('failed').description('what failed, in groups: cause × sender × task'),
    io,
  )
    .addOption(statusOption())
    .action((options: Options, command: Command) => groups(options, contextOf(command, io)));
  withSelection(failed.command('list').description('failed requests one by one'), io)
    .addOption(statusOption())
    .option('--limit <count>', 'rows to show', number)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .option('--oldest-first', 'oldest first')
    .action((_options: Options, command: Command) =>
      list(command.optsWithGlobals(), contextOf(command, io)),
    );
  failed
    .command('show <guid>')
    .description('the whole story of one')
    .action((guid: string, _options: Options, command: Command) =>
      show(guid, contextOf(command, io)),
    );
  withSelection(failed.command('purge').description('delete failed requests for good'), io)
    .addOption(new Option('--status <status>', 'status').choices(['failed', 'resolved']))
    .option('--yes', 'do not ask')
    .action((_options: Options, command: Command) =>
      purge(command.optsWithGlobals(), contextOf(command, io)),
    );
}
