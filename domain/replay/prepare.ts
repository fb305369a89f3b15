import { after, commit, open, task } from './steps.ts';

/** Takes the replay over for a new execution: its schedule starts again, its place in the selection stands. */
export const prepareStep = task(async (step, deps) => {
  const replay = await open(step, deps);
  await commit(step, replay, { pace: undefined, reason: undefined }, deps);
  const waits = replay.phase === 'canary-outcomes' || replay.phase === 'outcomes';
  return after(step, waits ? 'outcomes' : 'requeue', deps.limits);
});
