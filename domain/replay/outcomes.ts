import { SECOND } from '../clock.ts';
import type { ReplayDeps } from './deps.ts';
import type { Step } from './ports.ts';
import { outstanding, type Replay } from './replay.ts';
import { after, commit, open, task } from './steps.ts';
import { recentFailures, sampled } from './window.ts';

/** Counting reads the index through, so a larger replay is counted less often: one second more for each so many requests. */
const REQUESTS_PER_SECOND_OF_PATIENCE = 5_000;
/** An index lags behind its table by less than this. */
const INDEX_LAG = 30 * SECOND;

/** A count of a large replay is dear, so it may be older. */
export const secondsBetweenCounts = (replay: Replay, pollSeconds: number): number =>
  pollSeconds + Math.floor(replay.requeued / REQUESTS_PER_SECOND_OF_PATIENCE);

/** So many requeued since the last count are counted without waiting for its time. */
const REQUEUED_BETWEEN_COUNTS = 200;
/** Reading so many takes about a second: no more than a fifth of the time is spent on it. */
const COUNTED_PER_SECOND = 50_000;
const LEAST_SECONDS = 2;

/** Whether what came of the requeued is to be counted now: after so much time, or so many of them. */
function isCountDue(replay: Replay, now: number, pollSeconds: number): boolean {
  const fresh = replay.requeued - replay.countedUpTo;
  if (replay.requeued === 0) return false;
  const age = (now - replay.outcomes.countedAt) / SECOND;
  if (fresh < REQUEUED_BETWEEN_COUNTS) return age >= secondsBetweenCounts(replay, pollSeconds);
  return age >= LEAST_SECONDS + (5 * replay.requeued) / COUNTED_PER_SECOND;
}

const counted = async (replay: Replay, deps: Pick<ReplayDeps, 'outcomes' | 'clock'>) => ({
  ...(await deps.outcomes.count(replay.replayId)),
  countedAt: deps.clock(),
});

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Stops the replay; it can be resumed, then with a new canary, once the cause is fixed. */
const stop = (
  step: Step,
  replay: Replay,
  outcomes: Replay['outcomes'],
  reason: string,
  deps: ReplayDeps,
) => {
  deps.observe.error('a replay stopped: too many failed again', {
    replayId: replay.replayId,
    tenantId: replay.tenantId,
    count: outcomes.failed,
  });
  return commit(
    step,
    replay,
    { status: 'stopped', outcomes, reason, control: undefined, pace: undefined },
    deps,
  );
};

/**
 * While requeuing: counts outcomes when it is time to, and stops the replay when too many of the latest
 * have failed again. Only the latest count: a token that dies after 50,000 good ones must not be
 * outvoted by them.
 */
export async function countAndJudge(
  step: Step,
  replay: Replay,
  deps: ReplayDeps,
): Promise<{ readonly kind: 'go-on' | 'stopped'; readonly replay: Replay }> {
  if (!isCountDue(replay, deps.clock(), deps.limits.pollSeconds)) return { kind: 'go-on', replay };
  const outcomes = await counted(replay, deps);
  const share = recentFailures(replay.samples, outcomes);
  if (share !== undefined && share > replay.options.maxFailureRate) {
    const reason = `${percent(share)} of the latest outcomes are failures; ${percent(replay.options.maxFailureRate)} is allowed`;
    return { kind: 'stopped', replay: await stop(step, replay, outcomes, reason, deps) };
  }
  const samples = sampled(replay.samples, outcomes);
  const changes = { outcomes, samples, countedUpTo: replay.requeued };
  return { kind: 'go-on', replay: await commit(step, replay, changes, deps) };
}

/**
 * Waits for what was requeued: after the canary to decide whether to go on, at the end so that the
 * report is whole. Bounded: what is still on its way then stays on its way, and is reported so.
 */
export const outcomesStep = task(async (step, deps: ReplayDeps) => {
  const replay = await open(step, deps);
  const now = deps.clock();
  const waited = now - (replay.waitingSince ?? now);
  // Asked before the count, so that what settles in between is in the count.
  const takenOver = waited > INDEX_LAG && !(await deps.outcomes.isUnderWay(replay));
  const outcomes = await counted(replay, deps);
  if (replay.control === 'cancel') return after(step, 'report', deps.limits);
  if (replay.control === 'pause') {
    await commit(step, replay, { status: 'paused', control: undefined, outcomes }, deps);
    return after(step, 'done', deps.limits);
  }

  const open_ = outstanding({ ...replay, outcomes });
  const enough = open_ === 0 || takenOver || waited >= deps.limits.awaitSeconds * SECOND;
  const poll = () =>
    after(step, 'await', deps.limits, secondsBetweenCounts(replay, deps.limits.pollSeconds));

  if (replay.phase === 'canary-outcomes') {
    const size = replay.requeued - replay.canaryBase.requeued;
    const failed = outcomes.failed - replay.canaryBase.failed;
    // What has not come back in time counts against the canary.
    const bad = enough && !takenOver ? failed + open_ : failed;
    if (bad > size * replay.options.maxFailureRate) {
      const reason = `of a canary of ${size}, ${failed} failed again and ${open_} had no outcome; ${percent(replay.options.maxFailureRate)} is allowed`;
      await stop(step, replay, outcomes, reason, deps);
      return after(step, 'done', deps.limits);
    }
    if (enough) {
      await commit(step, replay, { phase: 'requeue', outcomes, waitingSince: undefined }, deps);
      return after(step, 'requeue', deps.limits);
    }
    await commit(step, replay, { outcomes }, deps);
    return poll();
  }

  await commit(step, replay, { outcomes }, deps);
  return enough ? after(step, 'report', deps.limits) : poll();
});
