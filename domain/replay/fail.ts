import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { ReplayDeps } from './deps.ts';
import { giveBackPage } from './page.ts';
import { after, commit, type NextStep, open, stepSchema, task } from './steps.ts';

/** What `Catch` hands over: the error's name, and Lambda's JSON about it as text. */
export const failStepSchema = stepSchema.extend({
  error: z.object({ Error: z.string(), Cause: z.string().optional() }),
});
const causeSchema = z.object({ errorMessage: z.string() });
/** Our own sentence for a part that is down; other messages may name what must not be stored. */
const ours = /^[a-z0-9-]+ is not available$/;

/** The reason in words: a dependency by name, everything else by the error's name. */
function reasonOf({ Error: name, Cause }: { Error: string; Cause?: string | undefined }) {
  const cause = causeSchema.safeParse(parseJson(Cause ?? ''));
  const message = cause.success ? cause.data.errorMessage : '';
  return ours.test(message)
    ? `${message}; once it is, resume the replay`
    : `${name}; the log of the replay's functions has the details. Resume once it is fixed`;
}

/**
 * Marks a replay failed after the retries of a task were used up. Its place in the selection stands, and
 * what it had claimed and perhaps not requeued is free for others again. Tried again by the machine: the
 * second part is then done for a replay that is `failed` already.
 */
export async function failStep(
  input: z.infer<typeof failStepSchema>,
  deps: ReplayDeps,
): Promise<NextStep> {
  const done = after(input, 'done', deps.limits);
  const replay = await deps.replays.get(input.replayId);
  if (replay === undefined || replay.generation !== input.generation) return done;
  if (replay.status === 'running') await markFailed(input, deps);
  else if (replay.status !== 'failed') return done;
  await giveBackPage(replay, deps);
  return done;
}

const markFailed = (input: z.infer<typeof failStepSchema>, deps: ReplayDeps) =>
  task(async (step) => {
    const replay = await open(step, deps);
    const reason = reasonOf(input.error);
    await commit(step, replay, { status: 'failed', reason, pace: undefined }, deps);
    deps.observe.error('a replay failed', {
      replayId: replay.replayId,
      tenantId: replay.tenantId,
      error: input.error.Error,
    });
    return after(step, 'done', deps.limits);
  })(input, deps);
