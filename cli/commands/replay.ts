import type { Command } from 'commander';
import { type ReplayAnswer, replayAnswer, replaysAnswer, rowsAnswer } from '../answers.ts';
import { confirmTenant, confirmYes } from '../confirm.ts';
import {
  type Context,
  contextOf,
  neededTenant,
  number,
  selectionOf,
  withSelection,
} from '../context.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import {
  clockTime,
  duration,
  table,
  tableOrEntries,
  utcTime,
  verdictWords,
  wrap,
} from '../format.ts';
import type { Io } from '../io.ts';
import { howOf, planOf, showPlan } from '../plan.ts';
import { followIt, watchReplay } from '../watch.ts';
import { allGroups } from './failed.ts';

type Options = Record<string, unknown>;
/** Takes the exit code of a command that has one to give. */
export type End = (code: ExitCode) => void;

/** Nothing of it is left for anyone to do. */
const isClean = (replay: ReplayAnswer): boolean =>
  replay.status === 'completed' && replay.failedAgain === 0 && replay.onTheirWay === 0;

async function report(replay: ReplayAnswer, context: Context, end: End) {
  const groups =
    replay.failedAgain === 0
      ? []
      : await allGroups(context, { tenantId: replay.tenantId, replayId: replay.replayId });
  context.print({ ...replay, failedAgainBy: groups }, () => {
    const until = replay.finishedAt ?? replay.updatedAt;
    const seconds = (Date.parse(until) - Date.parse(replay.createdAt)) / 1000;
    const nothing = replay.requeued === 0 && Object.keys(replay.skipped).length === 0;
    const rows: [string, number][] = [
      ['requeued', replay.requeued],
      ['sent', replay.sent],
      ['failed again', replay.failedAgain],
      ['still on their way', replay.onTheirWay],
      ...Object.entries(replay.skipped).map(([verdict, count]): [string, number] => [
        `skipped: ${verdictWords(verdict)}`,
        count,
      ]),
    ];
    return [
      wrap(
        `Replay ${replay.replayId} of ${replay.tenantId}: ${replay.status}${replay.reason ? ` — ${replay.reason}` : ''}`,
        context.width,
      ),
      `started ${utcTime(replay.createdAt)}, ${replay.finishedAt ? 'took' : 'last changed after'} ${duration(seconds)}`,
      nothing && replay.status === 'completed'
        ? 'The selection was empty: nothing was replayed.'
        : table(['Outcome', 'Count'], rows),
      ...groups.map(({ count, code, message }) =>
        wrap(`failed again: ${count} × ${code} ${message}`, context.width),
      ),
    ].join('\n');
  });
  if (replay.status !== 'running' && !isClean(replay)) end(exitCodes.leftOver);
}

/** Rows that the service lists in one answer, at most. */
const LONGEST_LIST = 500;

/** Says when the canary is as large as the selection or larger, as far as one request can tell. */
async function onCanary(options: Options, context: Context): Promise<string> {
  const { canary } = options;
  if (context.json || typeof canary !== 'number' || !(canary > 0)) return '';
  const { items, cursor } = await context.client.get(
    '/failed-requests',
    // One more than the canary shows whether anything is left beside it.
    { ...selectionOf(options, context), limit: Math.min(Math.floor(canary) + 1, LONGEST_LIST) },
    rowsAnswer,
  );
  const isAll = cursor === undefined && items.length > 0 && items.length <= canary;
  return isAll ? ` The canary of ${canary} covers all ${items.length}.` : '';
}

const REFUSAL = 'Nothing was started';

/**
 * Shows what would be sent and lets the user agree: with a yes, or with the tenant id where messages are
 * among it that the provider refused for good. False when there is nothing to agree to.
 */
async function isWanted(options: Options, context: Context): Promise<boolean> {
  const plan = await planOf(options, context);
  context.io.err(`${showPlan(plan, context)}\n`);
  if (plan.selected === 0) return false;
  const what = `Send ${plan.wouldSend === plan.selected ? 'all' : plan.wouldSend} of ${plan.selected}?`;
  if (options.includePermanent === true) {
    const question = `${what} Those that the provider refused for good are sent again as they are.`;
    await confirmTenant(context, neededTenant(context), question, REFUSAL);
  } else await confirmYes(context, what, REFUSAL);
  return true;
}

async function start(options: Options, context: Context, end: End) {
  if (options.yes !== true && !(await isWanted(options, context))) return;
  const canary = await onCanary(options, context);
  const replay = await context.client.post(
    '/replays',
    {
      ...selectionOf(options, context),
      ...howOf(options),
      confirm: options.includePermanent === true ? neededTenant(context) : undefined,
    },
    replayAnswer,
  );
  if (options.watch === true) {
    if (!context.json) context.io.out(`Replay ${replay.replayId} started.${canary}\n`);
    await report(await watchReplay(replay.replayId, context), context, end);
    return;
  }
  context.print(
    replay,
    () => `Replay ${replay.replayId} started.${canary}\n${followIt(replay.replayId)}`,
  );
}

const pathOf = (id: string) => `/replays/${encodeURIComponent(id)}`;

/** `replay`: send again what failed, at a pace. */
export function replayCommands(program: Command, io: Io, end: End): void {
  const replay = program.command('replay').description('send again what failed, at a pace');
  const how = (command: Command) =>
    withSelection(command, io)
      .option('--rate <per-second>', 'messages per second (default: 10)', number)
      .option('--ignore-ttl', 'also send what is older than event_ttl')
      .option('--include-permanent', 'also send what failed as permanent, unchanged');
  how(replay.command('plan').description('what a replay would do, without doing it')).action(
    async (options: Options, command: Command) => {
      const context = contextOf(command, io);
      const plan = await planOf(options, context);
      context.print(plan, () => showPlan(plan, context));
    },
  );
  how(
    replay
      .command('start')
      .description('start a replay, after showing its plan; it goes on by itself'),
  )
    .option('--canary <count>', 'send so many first and wait for them (default: none)', number)
    .option(
      '--max-failure-rate <share>',
      'stop when more than this share fails again (default: 0.5)',
      number,
    )
    .option('--watch', 'follow it to its end')
    .option('--yes', 'do not show the plan and ask; needed without a terminal')
    .action((options: Options, command: Command) => start(options, contextOf(command, io), end));
  replay
    .command('watch <id>')
    .description('follow a replay, then report it')
    .action(async (id: string, _options: Options, command: Command) => {
      const context = contextOf(command, io);
      await report(await watchReplay(id, context), context, end);
    });
  replay
    .command('report <id>')
    .description('what became of a replay')
    .action(async (id: string, _options: Options, command: Command) => {
      const context = contextOf(command, io);
      await report(await context.client.get(pathOf(id), {}, replayAnswer), context, end);
    });
  for (const [name, what] of [
    ['pause', 'pause a running replay'],
    ['resume', 'go on with one that was paused, stopped or failed'],
    ['cancel', 'end one for good; what is on the queue is still sent'],
  ] as const) {
    replay
      .command(`${name} <id>`)
      .description(what)
      .action(async (id: string, _options: Options, command: Command) => {
        const context = contextOf(command, io);
        const answer = await context.client.post(`${pathOf(id)}/${name}`, {}, replayAnswer);
        context.print(answer, () =>
          answer.asked === null
            ? `Replay ${id} is ${answer.status}.`
            : `Replay ${id} was asked to ${answer.asked}; it does so between two batches.`,
        );
      });
  }
  replay
    .command('list')
    .description('replays of a tenant, newest first')
    .option('--limit <count>', 'rows to show', number)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .action(async (options: Options, command: Command) => {
      const context = contextOf(command, io);
      const answer = await context.client.get(
        '/replays',
        {
          tenantId: context.tenant,
          limit: typeof options.limit === 'number' ? options.limit : undefined,
          cursor: typeof options.cursor === 'string' ? options.cursor : undefined,
        },
        replaysAnswer,
      );
      context.print(answer, () => {
        if (answer.items.length === 0) return 'There have been no replays.';
        const rows = answer.items.map((one) => [
          clockTime(one.createdAt),
          one.replayId,
          one.status,
          one.requeued,
          one.sent,
          one.failedAgain,
        ]);
        const more = answer.cursor ? `\nThere are more: --cursor ${answer.cursor}` : '';
        const head = ['Started (UTC)', 'Replay', 'Status', 'Requeued', 'Sent', 'Failed again'];
        const entries = rows.map(([at, id, status, requeued, sent, failed]) => [
          `${at}`,
          `${id}`,
          `${status}: ${requeued} requeued, ${sent} sent, ${failed} failed again`,
        ]);
        return `${tableOrEntries(head, rows, context.width, entries)}${more}`;
      });
    });
}
