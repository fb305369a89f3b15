import { SECOND } from '../clock.ts';
import type { ReplayDeps } from './deps.ts';
import { addSkipped, dispatch } from './dispatch.ts';
import { countAndJudge } from './outcomes.ts';
import { batchSize, due } from './pace.ts';
import { isPageDone, reopenPage, turnPage } from './page.ts';
import type { Replay } from './replay.ts';
import { LONGEST_WAIT, waitForShare } from './share.ts';
import { after, commit, open, task } from './steps.ts';
import { take } from './take.ts';

/** Longer waits are the machine's: it waits for nothing, and an operator's pause is seen after them. */
const LONGEST_SLEEP = 5 * SECOND;

/** What the record says to do next, looked at before every batch. */
function directive(replay: Replay): 'cancel' | 'pause' | 'outcomes' | 'work' {
  if (replay.control !== undefined) return replay.control;
  if (replay.phase === 'canary' && canaryLeft(replay) <= 0) return 'outcomes';
  if (replay.exhausted && isPageDone(replay)) return 'outcomes';
  return 'work';
}

const canaryLeft = (replay: Replay): number =>
  replay.options.canary - (replay.requeued - replay.canaryBase.requeued);

/** How many requests the next batch looks at. */
const nextSize = (replay: Replay, { limits }: Pick<ReplayDeps, 'limits'>): number =>
  Math.min(
    batchSize(Math.min(replay.options.rate, limits.maxRate)),
    replay.phase === 'canary' ? canaryLeft(replay) : Number.POSITIVE_INFINITY,
  );

/**
 * Requeues the selection at its rate for a slice of time: page by page in the order of failure, in
 * small batches that are each claimed, put on the queue, then committed. Before each, it waits for its
 * share of the rate of all running replays. An operator's pause or cancel is seen at the next batch.
 *
 * A crash after the claim leaves requests `replaying` that may not be on the queue; the next run finds
 * them in the page and puts them there under the same replay number.
 */
export const requeueStep = task(async (step, deps: ReplayDeps) => {
  const endsAt = deps.clock() + deps.limits.sliceMs;
  /** Slots reserved for requests that were then skipped: they serve the next batch. */
  let held = 0;
  let replay = await reopenPage(step, await open(step, deps), deps);

  for (;;) {
    const judged = await countAndJudge(step, replay, deps);
    if (judged.kind === 'stopped') return after(step, 'done', deps.limits);
    replay = judged.replay;
    switch (directive(replay)) {
      case 'cancel':
        return after(step, 'report', deps.limits);
      case 'pause':
        await commit(step, replay, { status: 'paused', control: undefined, pace: undefined }, deps);
        return after(step, 'done', deps.limits);
      case 'outcomes': {
        const phase = replay.phase === 'canary' && !over(replay) ? 'canary-outcomes' : 'outcomes';
        await commit(step, replay, { phase, pace: undefined, waitingSince: deps.clock() }, deps);
        return after(step, 'outcomes', deps.limits);
      }
      case 'work':
        break;
    }
    const now = deps.clock();
    if (now >= endsAt) return after(step, 'requeue', deps.limits);
    const { page } = replay;
    if (page === undefined || isPageDone(replay)) {
      replay = await turnPage(step, replay, endsAt, deps);
      continue;
    }

    const { pace, inMs } = due(replay, now);
    if (inMs > LONGEST_SLEEP) {
      await commit(step, replay, { pace }, deps);
      return after(step, 'pace', deps.limits, Math.ceil(inMs / SECOND));
    }
    if (inMs > 0) await deps.sleep(inMs);

    const batch = page.guids.slice(0, nextSize(replay, deps));
    const kept = await waitForShare(replay, pace, { count: batch.length, held }, deps);
    if (kept === undefined) {
      await commit(step, replay, { pace }, deps);
      return after(step, 'pace', deps.limits, LONGEST_WAIT / SECOND);
    }
    const tally = await dispatch(await take(batch, replay, deps), deps);
    held = Math.max(held, batch.length) - tally.requeued;
    replay = await commit(
      step,
      replay,
      {
        page: { ...page, guids: page.guids.slice(batch.length) },
        requeued: replay.requeued + tally.requeued,
        skipped: addSkipped(replay.skipped, tally.skipped),
        pace: kept,
      },
      deps,
    );
  }
});

/** The whole selection has been gone through: a canary that was all of it needs no wait of its own. */
const over = (replay: Replay): boolean => replay.exhausted && isPageDone(replay);
