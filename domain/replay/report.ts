import { after, commit, open, task } from './steps.ts';

/** Ends a replay that went through its selection or was canceled, with a last count of what came of it. */
export const reportStep = task(async (step, deps) => {
  const replay = await open(step, deps);
  const now = deps.clock();
  const outcomes = { ...(await deps.outcomes.count(replay.replayId)), countedAt: now };
  const status = replay.control === 'cancel' ? 'canceled' : 'completed';
  await commit(
    step,
    replay,
    {
      status,
      phase: 'over',
      outcomes,
      finishedAt: now,
      control: undefined,
      page: undefined,
      pace: undefined,
      waitingSince: undefined,
    },
    deps,
  );
  deps.observe.info('a replay ended', {
    replayId: replay.replayId,
    tenantId: replay.tenantId,
    status,
    count: replay.requeued,
  });
  return after(step, 'done', deps.limits);
});
