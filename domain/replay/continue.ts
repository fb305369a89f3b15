import { executionName } from './replay.ts';
import { after, commit, firstStep, task } from './steps.ts';

/**
 * Hands the replay over to a new execution. The generation is stored first: a run that died in between
 * finds it stored and starts the same execution, which starts once.
 */
export const continueStep = task(async (step, deps) => {
  const replay = await deps.replays.get(step.replayId);
  const done = after(step, 'done', deps.limits);
  if (replay?.status !== 'running') return done;
  const mine = replay.generation === step.generation;
  if (!mine && replay.generation !== step.generation + 1) return done;

  const next = mine
    ? await commit(step, replay, { generation: replay.generation + 1 }, deps)
    : replay;
  await deps.executions.start(executionName(next), firstStep(next));
  return done;
});
