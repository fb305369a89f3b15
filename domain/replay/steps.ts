import * as z from 'zod';
import { Unavailable } from '../unavailable.ts';
import type { ReplayDeps } from './deps.ts';
import type { Step } from './ports.ts';
import { nextVersion, type Replay } from './replay.ts';

/**
 * What a task of the state machine is given. AWS ends an execution at 25,000 history events. A turn
 * (task, choice, wait) records 9 of them, and 27 when the task needs all of its 6 retries.
 */
export const MAX_TURNS = 800;

export const stepSchema = z.object({
  replayId: z.string(),
  generation: z.number().int().positive(),
  turn: z.number().int().nonnegative(),
});

/** What a new execution of the replay is started with. */
export const firstStep = ({
  replayId,
  generation,
}: Pick<Replay, 'replayId' | 'generation'>): Step => ({
  replayId,
  generation,
  turn: 0,
});

/** What comes next, by the names that `statemachines/replay.asl.json` routes on. */
export type NextStep = Step & {
  readonly next: 'requeue' | 'pace' | 'outcomes' | 'await' | 'continue' | 'report' | 'done';
  /** How long `pace` and `await` wait, whole seconds. */
  readonly seconds: number;
};

/** The next step after this turn; an execution that has grown long hands over to a new one. */
export function after(
  step: Step,
  next: NextStep['next'],
  limits: { readonly maxTurns: number },
  seconds = 0,
): NextStep {
  const turn = step.turn + 1;
  const ends = next === 'done' || next === 'report';
  return {
    replayId: step.replayId,
    generation: step.generation,
    turn,
    next: turn >= limits.maxTurns && !ends ? 'continue' : next,
    seconds,
  };
}

/** Another execution or operator has taken the replay over: this execution has nothing left to do. */
export class Superseded extends Error {
  readonly code = 'superseded';
}

/** The replay, if it is this execution's to work on; throws `Superseded` otherwise. */
export async function open(step: Step, deps: Pick<ReplayDeps, 'replays'>): Promise<Replay> {
  const replay = await deps.replays.get(step.replayId);
  if (replay?.status !== 'running' || replay.generation !== step.generation) {
    throw new Superseded();
  }
  return replay;
}

/** What this task knows to be true of the record; an operator may have changed the rest. */
const progressOf = ({ phase, cursor, page, requeued }: Replay) =>
  JSON.stringify([phase, cursor, page?.next, page?.guids.length, requeued]);

/**
 * Stores changes to the replay. An operator's word that came between is kept; progress that another
 * run of this task made meanwhile throws `Unavailable`, so that the machine runs the task afresh.
 */
export async function commit(
  step: Step,
  replay: Replay,
  changes: Parameters<typeof nextVersion>[1],
  deps: Pick<ReplayDeps, 'replays' | 'clock'>,
): Promise<Replay> {
  let current = replay;
  for (;;) {
    const next = nextVersion(current, changes, deps.clock());
    if (await deps.replays.swap(next)) return next;
    const fresh = await open(step, deps);
    if (progressOf(fresh) !== progressOf(replay)) throw new Unavailable('replays');
    current = fresh;
  }
}

/** Runs a task; one that finds itself superseded ends its execution quietly. */
export function task(run: (step: Step, deps: ReplayDeps) => Promise<NextStep>) {
  return async (step: Step, deps: ReplayDeps): Promise<NextStep> => {
    try {
      return await run(step, deps);
    } catch (error) {
      if (error instanceof Superseded) return after(step, 'done', deps.limits);
      throw error;
    }
  };
}
