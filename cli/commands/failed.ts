import { type Command, Option } from 'commander';
import { failedRequestStatuses } from '../../domain/failed-requests/failed-request.ts';
import {
  failedRequestsAnswer,
  purgeAnswer,
} from '../../domain/operator/answers/failed-requests.ts';
import { confirmTenant } from '../confirm.ts';
import {
  type Context,
  contextOf,
  neededTenant,
  number,
  selectionOf,
  withSelection,
} from '../context.ts';
import { clockTime, counted, tableOrEntries } from '../format.ts';
import { allGroups, NOTHING, showGroups } from '../groups.ts';
import type { Io } from '../io.ts';
import { showStory } from '../story.ts';

type Options = Record<string, unknown>;

const statusOption = () => new Option('--status <status>', 'status').choices(failedRequestStatuses);

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
    failedRequestsAnswer,
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
    .option('--cursor <cursor>', 'continue after the last page')
    .option('--oldest-first', 'oldest first')
    .action((_options: Options, command: Command) =>
      list(command.optsWithGlobals(), contextOf(command, io)),
    );
  failed
    .command('show <guid>')
    .description('all details of one failed request')
    .action((guid: string, _options: Options, command: Command) =>
      showStory(guid, contextOf(command, io)),
    );
  withSelection(failed.command('purge').description('delete failed requests permanently'), io)
    .addOption(new Option('--status <status>', 'status').choices(['failed', 'resolved']))
    .option('--yes', 'do not ask')
    .action((_options: Options, command: Command) =>
      purge(command.optsWithGlobals(), contextOf(command, io)),
    );
}
