import type { Command } from 'commander';
import { type StatusAnswer, statusAnswer } from '../../domain/operator/answers/status.ts';
import { type Context, contextOf } from '../context.ts';
import { causeWords, counted, duration, tableOrEntries, utcTime, wrap } from '../format.ts';
import type { Io } from '../io.ts';

const queueWords: readonly (readonly [keyof StatusAnswer['queues'], string, string])[] = [
  ['outbound', 'to be sent', 'messages for the providers'],
  ['outboundPriority', 'priority', 'messages that wait behind no campaign'],
  ['outboundLanes', 'lanes', 'messages that wait for their sender’s turn'],
  ['outboundDlq', 'failed', 'messages about to become failed requests'],
  ['ci360Events', 'statuses', 'statuses not yet reported to CI360'],
  ['ci360Replies', 'replies', 'replies not yet reported to CI360'],
  ['ci360EventsDlq', 'not reported', 'events about to become failed requests'],
];

/** Queues that many a service never uses: shown while there is something on them. */
const shownInUse: readonly string[] = ['outboundPriority', 'outboundLanes'];

function queues(status: StatusAnswer, width: number): string {
  const shown = queueWords.filter(([key]) => {
    const { waiting, inFlight, delayed } = status.queues[key];
    return !shownInUse.includes(key) || waiting + inFlight + delayed > 0;
  });
  const rows = shown.map(([key, name, what]) => {
    const { waiting, inFlight, delayed } = status.queues[key];
    return [name, waiting, inFlight + delayed, what];
  });
  return tableOrEntries(['Queue', 'Waiting', 'Busy', 'What it holds'], rows, width);
}

type Waiting = StatusAnswer['messages']['retrying'];

function waitingWords({ count, hasMore, oldestTakenOnAt }: Waiting, at: string): string {
  if (oldestTakenOnAt === null) return 'none';
  const age = duration((Date.parse(at) - Date.parse(oldestTakenOnAt)) / 1000);
  return `${hasMore ? 'more than ' : ''}${counted(count, 'message')}, the oldest accepted ${age} ago (${utcTime(oldestTakenOnAt)})`;
}

function lines(status: StatusAnswer): [string, string][] {
  const { at, messages, lastSuccess, causes, replays } = status;
  const ago = (iso: string | null) =>
    iso === null
      ? 'none known'
      : `${duration((Date.parse(at) - Date.parse(iso)) / 1000)} ago (${utcTime(iso)})`;
  return [
    ['Waiting for a retry', waitingWords(messages.retrying, at)],
    ['In doubt', waitingWords(messages.inDoubt, at)],
    ...causes.map((cause): [string, string] => [
      `Why, of ${messages.looked}`,
      `${cause.count} × ${cause.provider} ${causeWords(cause)}`,
    ]),
    ['Last accepted by Twilio', ago(lastSuccess.twilio)],
    ['Last accepted by SCG', ago(lastSuccess.scg)],
    ['Last accepted by CI360', ago(lastSuccess.ci360)],
    ...replays.map((replay): [string, string] => [
      `Replay ${replay.replayId}`,
      `${replay.status}: ${replay.requeued} requeued, ${replay.sent} sent, ${replay.failedAgain} failed again`,
    ]),
  ];
}

const show = (status: StatusAnswer, { width }: Context): string =>
  [
    'Queues of all tenants (busy: with a worker, or waiting for a retry)',
    queues(status, width),
    `Messages of ${status.tenantId} that wait for their next attempt`,
    ...lines(status).map(([name, value]) => wrap(`${name}: ${value}`, width)),
  ].join('\n');

/** `status`: what is under way and what holds it up. */
export function statusCommand(program: Command, io: Io): void {
  program
    .command('status')
    .description('what is waiting and why, and what is not yet reported to CI360')
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
