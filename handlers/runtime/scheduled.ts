import { lazy } from './lazy.ts';
import type { Observation } from './observe.ts';

/** Makes a Lambda handler of something done on a schedule. What it throws fails the invocation, which Lambda repeats. */
export function scheduledHandler(
  observe: Observation,
  build: () => (() => Promise<void>) | Promise<() => Promise<void>>,
) {
  const run = lazy(build);
  return async (): Promise<void> => {
    try {
      await (await run())();
    } finally {
      observe.flush();
    }
  };
}
