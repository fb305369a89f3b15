import { SECOND } from '../clock.ts';
import type { ReplayDeps } from './deps.ts';
import { addSkipped, dispatch } from './dispatch.ts';
import { countAndJudge } from './outcomes.ts';
import { batchSize, due } from './pace.ts';
import { isPageDone, reopenPage, turnPage } from './page.ts';
import type { Step } from './ports.ts';
import type { Replay } from './replay.ts';
import { LONGEST_WAIT, waitForShare } from './share.ts';
import { after, commit, type NextStep, open, task } from './steps.ts';
import { take } from './take.ts';

/** Longer waits are left to the state machine, which waits at no cost; an operator's pause is seen after them. */
const LONGEST_SLEEP = 5 * SECOND;

/** What the record says to do next; read before every batch. */
function directive(replay: Replay): 'cancel' | 'pause' | 'outcomes' | 'work' {
  if (replay.control !== undefined) return replay.control;
  if (replay.phase === 'canary' && canaryLeft(replay) <= 0) return 'outcomes';
  if (over(replay)) return 'outcomes';
  return 'work';
}

const canaryLeft = (replay: Replay): number =>
  replay.options.canary - (replay.requeued - replay.canaryBase.requeued);

/** The size of the next batch. */
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
    const ended = await endOf(step, replay, deps);
    if (ended !== undefined) return ended;
    if (deps.clock() >= endsAt) return after(step, 'requeue', deps.limits);
    const { page } = replay;
    if (page === undefined || isPageDone(replay)) {
      replay = await turnPage(step, replay, endsAt, deps);
      continue;
    }
    const batch = await requeueBatch(step, { ...replay, page }, held, deps);
    if (batch.kind === 'wait') return batch.next;
    ({ replay, held } = batch);
  }
});

/** Ends the task if the record says so, and stores what that changes. */
async function endOf(step: Step, replay: Replay, deps: ReplayDeps): Promise<NextStep | undefined> {
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
      return undefined;
  }
}

type Batch =
  | { readonly kind: 'requeued'; readonly replay: Replay; readonly held: number }
  /** The wait for its turn is too long for a task. */
  | { readonly kind: 'wait'; readonly next: NextStep };

/** Waits until the next batch of the page is due, then claims it, puts it on the queue and commits. */
async function requeueBatch(
  step: Step,
  replay: Replay & { readonly page: NonNullable<Replay['page']> },
  held: number,
  deps: ReplayDeps,
): Promise<Batch> {
  const { page } = replay;
  const { pace, inMs } = due(replay, deps.clock());
  const waitFor = async (ms: number): Promise<Batch> => {
    await commit(step, replay, { pace }, deps);
    return { kind: 'wait', next: after(step, 'pace', deps.limits, Math.ceil(ms / SECOND)) };
  };
  if (inMs > LONGEST_SLEEP) return waitFor(inMs);
  if (inMs > 0) await deps.sleep(inMs);

  const batch = page.guids.slice(0, nextSize(replay, deps));
  const kept = await waitForShare(replay, pace, { count: batch.length, held }, deps);
  if (kept === undefined) return waitFor(LONGEST_WAIT);
  const tally = await dispatch(await take(batch, replay, deps), deps);
  const changes = {
    page: { ...page, guids: page.guids.slice(batch.length) },
    requeued: replay.requeued + tally.requeued,
    skipped: addSkipped(replay.skipped, tally.skipped),
    pace: kept,
  };
  return {
    kind: 'requeued',
    replay: await commit(step, replay, changes, deps),
    held: Math.max(held, batch.length) - tally.requeued,
  };
}

/** True once the whole selection is processed: a canary that covers all of it needs no wait of its own. */
const over = (replay: Replay): boolean => replay.exhausted && isPageDone(replay);
