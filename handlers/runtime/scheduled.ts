import type { Context } from 'aws-lambda';
import { lazy } from './lazy.ts';
import type { Observation } from './observe.ts';

/** Something done on a schedule; `deadline` is when this invocation must be over, ms since 1970. */
export type ScheduledRun = (deadline: number) => Promise<void>;

/** Makes a Lambda handler of something done on a schedule. What it throws fails the invocation, which Lambda repeats. */
export function scheduledHandler(
  observe: Observation,
  build: () => ScheduledRun | Promise<ScheduledRun>,
) {
  const run = lazy(build);
  return async (
    _event: unknown,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<void> => {
    try {
      await (await run())(Date.now() + context.getRemainingTimeInMillis());
    } finally {
      observe.flush();
    }
  };
}
