import { type Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import pMap from 'p-map';
import {
  type OptOutImportAnswer,
  optOutHistoryAnswer,
  optOutImportAnswer,
  optOutListAnswer,
} from '../../domain/operator/answers/opt-out-register.ts';
import { optOutAnswer } from '../../domain/operator/answers/opt-outs.ts';
import { confirmTenant } from '../confirm.ts';
import { type Context, contextOf, neededTenant } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { moment, pairs, utcTime } from '../format.ts';
import type { Io } from '../io.ts';
import { type FileRow, isRefused, linesOf, type RefusedLine } from '../opt-out-file.ts';

/** Lines in one request, and requests at once. */
const LINES = 200;
const AT_ONCE = 4;
/** Refused lines that are printed; the number of all is. */
const SHOWN = 20;

type Totals = {
  lines: number;
  optingOut: number;
  recorded: number;
  known: number;
  refused: number;
  readonly first: RefusedLine[];
};

/** The file's lines in groups that one request can carry; lines that cannot be used are noted in the totals. */
async function* groupsOf(path: string, totals: Totals): AsyncGenerator<readonly FileRow[]> {
  let group: FileRow[] = [];
  for await (const line of linesOf(path)) {
    totals.lines += 1;
    if (isRefused(line)) {
      refuse(totals, [line]);
      continue;
    }
    if (line.state === 'opted-out') totals.optingOut += 1;
    group.push(line);
    if (group.length === LINES) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

function refuse(totals: Totals, lines: readonly RefusedLine[]): void {
  totals.refused += lines.length;
  totals.first.push(...lines.slice(0, Math.max(0, SHOWN - totals.first.length)));
}

async function send(path: string, dryRun: boolean, context: Context): Promise<Totals> {
  const totals: Totals = { lines: 0, optingOut: 0, recorded: 0, known: 0, refused: 0, first: [] };
  const tenantId = neededTenant(context);
  await pMap(
    groupsOf(path, totals),
    async (rows) => {
      const answer: OptOutImportAnswer = await context.client.post(
        '/opt-outs/import',
        { tenantId, dryRun, rows },
        optOutImportAnswer,
      );
      totals.recorded += answer.recorded;
      totals.known += answer.known;
      refuse(totals, answer.refused);
      if (context.io.terminal) context.io.err(`\r${totals.lines} lines read`);
    },
    { concurrency: AT_ONCE },
  );
  if (context.io.terminal) context.io.err('\n');
  return totals;
}

function report({ first, ...totals }: Totals, dryRun: boolean, { width }: Context): string {
  const rows: [string, string][] = [
    ['Lines', `${totals.lines}, of which ${totals.optingOut} opt people out`],
    [dryRun ? 'Would be recorded' : 'Recorded', String(totals.recorded)],
    ['Known before', String(totals.known)],
    ['Refused', String(totals.refused)],
  ];
  const refused = first.map(({ line, field, issue }) => `  line ${line}: ${field} ${issue}`);
  const rest = totals.refused - first.length;
  return [pairs(rows, width), ...refused, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

async function importFile(
  path: string,
  options: { readonly dryRun?: boolean; readonly yes?: boolean },
  context: Context,
): Promise<void> {
  const dryRun = options.dryRun === true;
  const tenantId = neededTenant(context);
  if (!dryRun && options.yes !== true) {
    const plan = await send(path, true, context);
    context.io.err(`${report(plan, true, context)}\n`);
    await confirmTenant(
      context,
      tenantId,
      `${plan.recorded} statements will be recorded; campaigns will not write to people who are opted out.`,
      'Nothing was recorded',
    );
  }
  const totals = await send(path, dryRun, context);
  context.print({ ...totals, refusedLines: totals.first }, () => report(totals, dryRun, context));
  if (totals.refused > 0) {
    throw new CliError(
      exitCodes.usage,
      `${totals.refused} lines were refused. Fix them and run the command again: lines that are recorded count once.`,
    );
  }
}

/** A note that a spreadsheet would run as a formula gets an apostrophe in front; numbers begin with + and stay. */
const asText = (note = ''): string => note.replace(/^(?=[=+\-@\t\r])/, "'");

/** Writes the register as CSV, with the columns that `import` reads. */
async function exportAll(since: string | undefined, context: Context): Promise<void> {
  const tenantId = neededTenant(context);
  context.io.out('number,state,at,source,note\n');
  let cursor: string | undefined;
  do {
    const page = await context.client.get(
      '/opt-outs',
      { tenantId, since, limit: 500, cursor },
      optOutListAnswer,
    );
    const rows = page.items.map(({ number, state, at, source, note }) => [
      number,
      state,
      at,
      source,
      asText(note),
    ]);
    if (rows.length > 0) context.io.out(stringify(rows));
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const time = (io: Io) => (text: string) => {
  const found = moment(text, io.now());
  if (found !== undefined) return found;
  throw new InvalidArgumentError('Give a time such as 2h, 7d, or 2026-11-01T09:00:00Z.');
};

/** `opt-out add`, `history`, `import` and `export`. */
export function registerCommands(optOut: Command, io: Io): void {
  optOut
    .command('add <number>')
    .description('record what a person said elsewhere, such as on the phone')
    .requiredOption('--source <source>', 'where it was said: phone, letter, shop')
    .option('--note <text>', 'kept with the statement')
    .option('--at <time>', 'when it was said; now, if left out', time(io))
    .addOption(
      new Option('--state <state>', 'what was said')
        .choices(['opted-out', 'opted-in'])
        .default('opted-out'),
    )
    .action(async (number: string, options: Record<string, string>, command: Command) => {
      const context = contextOf(command, io);
      const { state, source, note, at } = options;
      const answer = await context.client.post(
        '/opt-outs/add',
        { tenantId: neededTenant(context), address: number, state, source, note, at },
        optOutAnswer,
      );
      const is = answer.optedOut ? 'is opted out' : 'is not opted out';
      context.print(answer, () => `Recorded. ${answer.address} ${is}. ${answer.advice}`);
    });

  optOut
    .command('history <number>')
    .description('everything a person said about being written to')
    .action(async (number: string, _options: object, command: Command) => {
      const context = contextOf(command, io);
      const answer = await context.client.post(
        '/opt-outs/history',
        { tenantId: neededTenant(context), address: number, limit: 500 },
        optOutHistoryAnswer,
      );
      const rows = answer.items.map(({ at, state, source, note }): [string, string] => [
        utcTime(at),
        `${state}, by ${source}${note ? `: ${note}` : ''}`,
      ]);
      context.print(answer, () =>
        rows.length === 0 ? 'Nothing is recorded.' : pairs(rows, context.width),
      );
    });

  optOut
    .command('import <file>')
    .description('record a CSV list: number,state,at[,source,note]')
    .option('--dry-run', 'only count and check')
    .option('--yes', 'do not ask')
    .action((file: string, options: { dryRun?: boolean; yes?: boolean }, command: Command) =>
      importFile(file, options, contextOf(command, io)),
    );

  optOut
    .command('export')
    .description('print the register as CSV, with numbers in full')
    .option('--since <time>', 'statements made at or after: 7d, 2026-11-01T00:00:00Z', time(io))
    .action((options: { since?: string }, command: Command) =>
      exportAll(options.since, contextOf(command, io)),
    );
}
