import type { ReplayAnswer } from '../domain/operator/answers/replays.ts';
import type { Context } from './context.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import { duration, table, utcTime, verdictWords, wrap } from './format.ts';
import { allGroups } from './groups.ts';

/** Takes the exit code of a command that has one to give. */
export type End = (code: ExitCode) => void;

/** Nothing of it is left for anyone to do. */
const isClean = (replay: ReplayAnswer): boolean =>
  replay.status === 'completed' && replay.failedAgain === 0 && replay.onTheirWay === 0;

/** Prints what a replay did, and sets the exit code. */
export async function report(replay: ReplayAnswer, context: Context, end: End) {
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
      ['still in progress', replay.onTheirWay],
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
