import { SingleBar } from 'cli-progress';
import type { ReplayAnswer } from './answers.ts';
import { groupsAnswer, replayAnswer } from './answers.ts';
import type { Context } from './context.ts';

const POLL_MS = 1_000;

const skippedOf = (replay: ReplayAnswer): number =>
  Object.values(replay.skipped).reduce((sum, count) => sum + count, 0);

const line = (replay: ReplayAnswer): string =>
  `${replay.requeued} requeued, ${replay.sent} sent, ${replay.failedAgain} failed again, ${replay.onTheirWay} on their way, ${skippedOf(replay)} skipped (${replay.phase})`;

/** How much of the selection is still to be gone through, as far as one request can count it. */
async function remaining(replay: ReplayAnswer, context: Context): Promise<number> {
  const { groups } = await context.client.get(
    '/failed-requests',
    { ...replay.selection, group: 'true' },
    groupsAnswer,
  );
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** Follows a replay until it is no longer running: a bar on a terminal, a line for each change elsewhere. */
export async function watchReplay(replayId: string, context: Context): Promise<ReplayAnswer> {
  const { io, json } = context;
  const read = () =>
    context.client.get(`/replays/${encodeURIComponent(replayId)}`, {}, replayAnswer);
  let replay = await read();
  if (replay.status !== 'running' || json) {
    while (replay.status === 'running') {
      await io.sleep(POLL_MS);
      replay = await read();
    }
    return replay;
  }
  const done = (now: ReplayAnswer) => now.requeued + skippedOf(now);
  // What was skipped is still there; what failed again is not, its time of failure is later.
  const total = done(replay) + Math.max(0, (await remaining(replay, context)) - skippedOf(replay));
  const bar = io.terminal
    ? new SingleBar({
        format: 'requeued {bar} {percentage}% of {total} · {line}',
        stream: io.terminal,
        hideCursor: true,
      })
    : undefined;
  bar?.start(total, done(replay), { line: line(replay) });
  let said = '';
  while (replay.status === 'running') {
    const now = line(replay);
    bar?.setTotal(Math.max(total, done(replay)));
    bar?.update(done(replay), { line: now });
    if (bar === undefined && now !== said) io.out(`${now}\n`);
    said = now;
    await io.sleep(POLL_MS);
    replay = await read();
  }
  bar?.update(done(replay), { line: line(replay) });
  bar?.stop();
  return replay;
}
