import { type Command, Option } from 'commander';
import { type Group, groupsAnswer, purgeAnswer, rowsAnswer, storyAnswer } from '../answers.ts';
import {
  type Context,
  contextOf,
  neededTenant,
  number,
  selectionOf,
  withSelection,
} from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { clockTime, replayableWords, table, wrap } from '../format.ts';
import type { Io } from '../io.ts';

type Options = Record<string, unknown>;

const statusOption = () =>
  new Option('--status <status>', 'status').choices(['failed', 'replaying', 'resolved']);

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

const showGroups = (groups: readonly Group[]): string => {
  if (groups.length === 0) return 'Nothing has failed in this selection.';
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const rows = groups.map((group) => [
    group.count,
    group.kind === 'external-event' ? `event · ${group.provider}` : group.provider,
    group.class,
    group.code,
    group.sender,
    group.taskId,
    replayableWords(group.replayable),
    wrap(`${group.message} ${group.advice}`.trim(), 44),
  ]);
  const head = [
    'Count',
    'Provider',
    'Class',
    'Code',
    'Sender',
    'Task',
    'Replay',
    'Cause and advice',
  ];
  return `${table(head, rows)}\n${total} in ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}.`;
};

async function groups(options: Options, context: Context) {
  const found = await allGroups(context, {
    ...selectionOf(options, context),
    status: typeof options.status === 'string' ? options.status : undefined,
  });
  context.print({ groups: found }, () => showGroups(found));
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
    if (answer.items.length === 0) return 'Nothing has failed in this selection.';
    const rows = answer.items.map((row) => [
      clockTime(row.failedAt),
      row.guid,
      row.to,
      row.channel,
      row.class,
      row.code,
      row.replays,
      wrap(row.message, 44),
    ]);
    const head = ['Failed at (UTC)', 'Guid', 'To', 'Channel', 'Class', 'Code', 'Replays', 'Cause'];
    const more = answer.cursor ? `\nThere are more: --cursor ${answer.cursor}` : '';
    return `${table(head, rows)}${more}`;
  });
}

async function show(guid: string, context: Context) {
  const story = await context.client.get(
    `/failed-requests/${encodeURIComponent(guid)}`,
    { tenantId: context.namedTenant },
    storyAnswer,
  );
  context.print(story, () => {
    const { failedRequest: row, delivery, replay } = story;
    const lines: [string, string][] = [
      ['Guid', row.guid],
      ['Status', `${row.status}, after ${row.replays} replays`],
      ['What', `${row.kind} over ${row.provider} (${row.channel}) to ${row.to || '—'}`],
      ['From', `${row.sender || '—'} in task ${row.taskId || '—'}`],
      ['Generated', clockTime(row.generatedAt)],
      ['Failed', `${clockTime(row.failedAt)}, after ${row.attempts} attempts`],
      ['Cause', `${row.class} ${row.code}: ${row.message}`],
      ['Advice', row.advice || '—'],
      ['Replay', replayableWords(row.replayable)],
      ['Kept until', clockTime(row.expiresAt)],
    ];
    if (delivery !== null) {
      lines.push(['Delivery', `${delivery.status}, changed ${clockTime(delivery.updatedAt)}`]);
      lines.push(['Provider’s id', delivery.providerMessageId ?? '—']);
      if (delivery.inDoubt !== null) {
        const { from, to } = delivery.inDoubt;
        lines.push(['In doubt', `may have been sent ${clockTime(from)} to ${clockTime(to)}`]);
      }
    }
    if (replay !== null) lines.push(['Last replay', `${replay.replayId}, ${replay.status}`]);
    return table(['', ''], lines);
  });
}

async function purge(options: Options, context: Context) {
  const tenantId = neededTenant(context);
  const selection = selectionOf(options, context);
  if (options.yes !== true) {
    const found = await allGroups(context, selection);
    const total = found.reduce((sum, { count }) => sum + count, 0);
    const answer = await context.io.ask(
      `${total} failed requests will be deleted and cannot be replayed. Type the tenant id to go on: `,
    );
    if (answer?.trim() !== tenantId) {
      throw new CliError(exitCodes.usage, 'Nothing was deleted. Without a terminal, pass --yes.');
    }
  }
  let purged = 0;
  let cursor: string | undefined;
  do {
    const page = await context.client.post(
      '/failed-requests/purge',
      { ...selection, status: options.status, confirm: tenantId, cursor },
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
