import type { Command } from 'commander';
import { type StatusAnswer, statusAnswer } from '../../domain/operator/answers/status.ts';
import { type Context, contextOf } from '../context.ts';
import { causeWords, counted, duration, tableOrEntries, utcTime, wrap } from '../format.ts';
import type { Io } from '../io.ts';

const queueWords: readonly (readonly [keyof StatusAnswer['queues'], string, string])[] = [
  ['outbound', 'to be sent', 'messages for the providers'],
  ['outboundPriority', 'priority', 'messages that wait behind no campaign'],
  ['outboundDlq', 'to be kept', 'messages on their way into failed requests'],
  ['ci360Events', 'statuses', 'statuses that CI360 has not heard'],
  ['ci360Replies', 'replies', 'replies that CI360 has not heard'],
  ['ci360EventsDlq', 'given up', 'what CI360 did not take, on its way into failed requests'],
];

/** Queues that many a service never uses: shown while there is something on them. */
const shownInUse: readonly string[] = ['outboundPriority'];

function queues(status: StatusAnswer, width: number): string {
  const shown = queueWords.filter(([key]) => {
    const { waiting, inFlight, delayed } = status.queues[key];
    return !shownInUse.includes(key) || waiting + inFlight + delayed > 0;
  });
  const rows = shown.map(([key, name, what]) => {
    const { waiting, inFlight, delayed } = status.queues[key];
    return [name, waiting, inFlight + delayed, what];
  });
  return tableOrEntries(['Queue', 'Waiting', 'In work', 'What it holds'], rows, width);
}

type Waiting = StatusAnswer['messages']['retrying'];

function waitingWords({ count, hasMore, oldestTakenOnAt }: Waiting, at: string): string {
  if (oldestTakenOnAt === null) return 'none';
  const age = duration((Date.parse(at) - Date.parse(oldestTakenOnAt)) / 1000);
  return `${hasMore ? 'more than ' : ''}${counted(count, 'message')}, the oldest taken on ${age} ago (${utcTime(oldestTakenOnAt)})`;
}

function lines(status: StatusAnswer): [string, string][] {
  const { at, messages, lastSuccess, causes, replays } = status;
  const ago = (iso: string | null) =>
    iso === null
      ? 'none that is known'
      : `${duration((Date.parse(at) - Date.parse(iso)) / 1000)} ago (${utcTime(iso)})`;
  return [
    ['To be tried again', waitingWords(messages.retrying, at)],
    ['In doubt', waitingWords(messages.inDoubt, at)],
    ...causes.map((cause): [string, string] => [
      `Why, of ${messages.looked}`,
      `${cause.count} × ${cause.provider} ${causeWords(cause)}`,
    ]),
    ['Twilio last took', ago(lastSuccess.twilio)],
    ['SCG last took', ago(lastSuccess.scg)],
    ['CI360 last took', ago(lastSuccess.ci360)],
    ...replays.map((replay): [string, string] => [
      `Replay ${replay.replayId}`,
      `${replay.status}: ${replay.requeued} requeued, ${replay.sent} sent, ${replay.failedAgain} failed again`,
    ]),
  ];
}

const show = (status: StatusAnswer, { width }: Context): string =>
  [
    'Queues, of all tenants (in work: with a worker, or waiting for the next attempt)',
    queues(status, width),
    `Messages of ${status.tenantId} that were tried and wait, by themselves`,
    ...lines(status).map(([name, value]) => wrap(`${name}: ${value}`, width)),
  ].join('\n');

/** `status`: what is under way and what holds it up. */
export function statusCommand(program: Command, io: Io): void {
  program
    .command('status')
    .description('what waits, why, and what CI360 has not heard')
    .action(async (_options: object, command: Command) => {
      const context = contextOf(command, io);
      const status = await context.client.get(
        '/status',
        { tenantId: context.tenant },
        statusAnswer,
      );
      context.print(status, () => show(status, context));
    });
}
