import { conflict } from '../refused.ts';
import { executionName, nextVersion, type Replay } from '../replay/replay.ts';
import type { OperatorDeps } from './deps.ts';
import { execute } from './start.ts';

export type ControlDeps = Pick<OperatorDeps, 'replays' | 'executions' | 'outcomes' | 'clock'>;
type Changes = Parameters<typeof nextVersion>[1];

/** Stores changes to the record as it was read; two operators at once is a conflict for one of them. */
async function store(replay: Replay, changes: Changes, deps: ControlDeps): Promise<Replay> {
  const next = nextVersion(replay, changes, deps.clock());
  if (await deps.replays.swap(next)) return next;
  const fresh = await deps.replays.get(replay.replayId);
  // The execution moved on between reading and writing: the word is the same to its new version.
  if (fresh?.status === replay.status && fresh.generation === replay.generation) {
    return store(fresh, changes, deps);
  }
  throw conflict('The replay has just changed; look at it and try again.');
}

const isAtWork = async (replay: Replay, { executions }: ControlDeps): Promise<boolean> =>
  replay.status === 'running' && (await executions.isRunning(executionName(replay)));

const over = (replay: Replay) => replay.status === 'canceled' || replay.status === 'completed';

/** Starts a new execution where the last one left off. */
async function executeAnew(replay: Replay, changes: Changes, deps: ControlDeps): Promise<Replay> {
  const next = await store(
    replay,
    {
      status: 'running',
      generation: replay.generation + 1,
      control: undefined,
      reason: undefined,
      pace: undefined,
      ...(replay.waitingSince === undefined ? {} : { waitingSince: deps.clock() }),
      ...changes,
    },
    deps,
  );
  await execute(next, deps);
  return next;
}

/** Asks a running replay to pause; it does so between two batches. */
export async function pause(replay: Replay, deps: ControlDeps): Promise<Replay> {
  if (replay.status === 'paused' || replay.control === 'pause') return replay;
  if (replay.control === 'cancel') throw conflict('The replay is being canceled.');
  if (!(await isAtWork(replay, deps))) {
    throw conflict(`The replay is not at work: it is ${standing(replay)}.`);
  }
  return store(replay, { control: 'pause' }, deps);
}

/** Goes on with a replay that was paused, failed or stopped, or whose execution was ended from outside. */
export async function resume(replay: Replay, deps: ControlDeps): Promise<Replay> {
  if (over(replay)) throw conflict(`The replay is ${replay.status}; start a new one.`);
  if (await isAtWork(replay, deps)) {
    if (replay.control === 'pause') return store(replay, { control: undefined }, deps);
    throw conflict('The replay is at work already.');
  }
  if (replay.status !== 'stopped') return executeAnew(replay, {}, deps);
  // What failed before it stopped is not held against it twice; a canary goes first again.
  const { resolved, failed } = await deps.outcomes.count(replay.replayId);
  return executeAnew(
    replay,
    {
      phase: replay.options.canary > 0 ? 'canary' : 'requeue',
      canaryBase: { requeued: replay.requeued, failed },
      samples: [{ resolved, failed }],
      waitingSince: undefined,
    },
    deps,
  );
}

/** Ends a replay: nothing more is requeued, what is on the queue is sent, the rest stays failed. */
export async function cancel(replay: Replay, deps: ControlDeps): Promise<Replay> {
  if (replay.status === 'canceled' || replay.control === 'cancel') return replay;
  if (replay.status === 'completed') throw conflict('The replay is completed.');
  if (await isAtWork(replay, deps)) return store(replay, { control: 'cancel' }, deps);
  return executeAnew(replay, { control: 'cancel' }, deps);
}

const standing = (replay: Replay): string =>
  replay.status === 'running' ? 'left without an execution; resume or cancel it' : replay.status;
