import { SingleBar } from 'cli-progress';
import { groupsAnswer } from '../domain/operator/answers/failed-requests.ts';
import type { ReplayAnswer } from '../domain/operator/answers/replays.ts';
import { replayAnswer } from '../domain/operator/answers/replays.ts';
import type { Context } from './context.ts';

const POLL_MS = 1_000;

const skippedOf = (replay: ReplayAnswer): number =>
  Object.values(replay.skipped).reduce((sum, count) => sum + count, 0);

const line = (replay: ReplayAnswer): string =>
  `${replay.requeued} requeued, ${replay.sent} sent, ${replay.failedAgain} failed again, ${replay.onTheirWay} in progress, ${skippedOf(replay)} skipped (${replay.phase})`;

/** How much of the selection is still to be gone through, as far as one request can count it. */
async function remaining(replay: ReplayAnswer, context: Context): Promise<number> {
  const { groups } = await context.client.get(
    '/failed-requests',
    { ...replay.selection, group: 'true' },
    groupsAnswer,
  );
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** How to see a replay to its end. */
export const followIt = (replayId: string): string =>
  `Follow it: npm run cli -- replay watch ${replayId}`;

/** Columns from which there is room for the whole line beside a bar. */
const WIDE = 140;

/** The counts in the fewest words: beside a bar on a terminal of 80 columns. */
const briefly = (replay: ReplayAnswer): string =>
  `sent ${replay.sent} · failed ${replay.failedAgain} · waiting ${replay.onTheirWay} · skipped ${skippedOf(replay)}`;

const payload = (replay: ReplayAnswer) => ({ line: line(replay), brief: briefly(replay) });

const barOn = (terminal: NodeJS.WriteStream): SingleBar =>
  new SingleBar({
    ...(terminal.columns >= WIDE
      ? { format: 'requeued {bar} {percentage}% of {total} · {line}' }
      : { format: '{bar} {percentage}% of {total} · {brief}', barsize: 10 }),
    stream: terminal,
    hideCursor: true,
  });

/** Follows a replay until it is no longer running: a bar on a terminal, a line for each change elsewhere. */
export async function watchReplay(replayId: string, context: Context): Promise<ReplayAnswer> {
  const { io, json } = context;
  const read = () =>
    context.client.get(`/replays/${encodeURIComponent(replayId)}`, {}, replayAnswer);
  let replay = await read();
  if (replay.status !== 'running' || json) {
    const stopListening = io.onInterrupt(() =>
      io.err(`Replay ${replayId} continues in the background.\n`),
    );
    while (replay.status === 'running') {
      await io.sleep(POLL_MS);
      replay = await read();
    }
    stopListening();
    return replay;
  }
  const done = (now: ReplayAnswer) => now.requeued + skippedOf(now);
  // What was skipped is still there; what failed again is not, its time of failure is later.
  const total = done(replay) + Math.max(0, (await remaining(replay, context)) - skippedOf(replay));
  const bar = io.terminal && barOn(io.terminal);
  const stopListening = io.onInterrupt(() => {
    bar?.stop();
    io.err(`\nReplay ${replayId} continues in the background.\n${followIt(replayId)}\n`);
  });
  try {
    bar?.start(total, done(replay), payload(replay));
    let said = '';
    while (replay.status === 'running') {
      const now = line(replay);
      bar?.setTotal(Math.max(total, done(replay)));
      bar?.update(done(replay), payload(replay));
      if (bar === undefined && now !== said) io.out(`${now}\n`);
      said = now;
      await io.sleep(POLL_MS);
      replay = await read();
    }
    bar?.update(done(replay), payload(replay));
    return replay;
  } finally {
    // Also when the service went away: a bar hides the cursor until it is stopped.
    bar?.stop();
    stopListening();
  }
}
