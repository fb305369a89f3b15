import type { Command } from 'commander';
import { replayAnswer, replaysAnswer } from '../../domain/operator/answers/replays.ts';
import { contextOf, number, withSelection } from '../context.ts';
import { clockTime, tableOrEntries } from '../format.ts';
import type { Io } from '../io.ts';
import { planOf, showPlan } from '../plan.ts';
import { type End, report } from '../replay-report.ts';
import { startReplay } from '../replay-start.ts';
import { watchReplay } from '../watch.ts';

type Options = Record<string, unknown>;

const pathOf = (id: string) => `/replays/${encodeURIComponent(id)}`;

/** `replay`: send again what failed, at a pace. */
export function replayCommands(program: Command, io: Io, end: End): void {
  const replay = program.command('replay').description('send again what failed, at a pace');
  const how = (command: Command) =>
    withSelection(command, io)
      .option('--rate <per-second>', 'messages per second (default: 10)', number)
      .option('--ignore-ttl', 'also send what is older than event_ttl')
      .option('--include-permanent', 'also send what failed as permanent, unchanged')
      .option(
        '--send-in-doubt',
        'also send what the provider can neither confirm nor deny: a person may get it twice',
      )
      .option('--ignore-window', 'also send outside the hours of a category');
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
      .description('start a replay, after showing its plan; it runs in the background'),
  )
    .option('--canary <count>', 'send so many first and wait for them (default: none)', number)
    .option(
      '--max-failure-rate <share>',
      'stop when more than this share fails again (default: 0.5)',
      number,
    )
    .option('--watch', 'follow it to its end')
    .option('--yes', 'do not show the plan and ask; needed without a terminal')
    .action((options: Options, command: Command) =>
      startReplay(options, contextOf(command, io), end),
    );
  replay
    .command('watch <id>')
    .description('follow a replay, then report it')
    .action(async (id: string, _options: Options, command: Command) => {
      const context = contextOf(command, io);
      await report(await watchReplay(id, context), context, end);
    });
  replay
    .command('report <id>')
    .description('the result of a replay')
    .action(async (id: string, _options: Options, command: Command) => {
      const context = contextOf(command, io);
      await report(await context.client.get(pathOf(id), {}, replayAnswer), context, end);
    });
  for (const [name, what] of [
    ['pause', 'pause a running replay'],
    ['resume', 'continue one that was paused, stopped or failed'],
    ['cancel', 'end one; what is already on the queue is still sent'],
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
            : `Replay ${id} will ${answer.asked} after the current batch.`,
        );
      });
  }
  replay
    .command('list')
    .description('replays of a tenant, newest first')
    .option('--limit <count>', 'rows to show', number)
    .option('--cursor <cursor>', 'continue after the last page')
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
        if (answer.items.length === 0) return 'There are no replays.';
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
