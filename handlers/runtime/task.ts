import { describeError } from './describe-error.ts';
import { lazy } from './lazy.ts';
import type { Observation } from './observe.ts';

/** Makes a Lambda handler for a task of a state machine. What it throws is the machine's to retry or catch. */
export function taskHandler<T>(
  observe: Observation,
  build: () => Promise<(payload: unknown) => Promise<T>> | ((payload: unknown) => Promise<T>),
) {
  const task = lazy(build);
  return async (payload: unknown): Promise<T> => {
    try {
      return await (await task())(payload);
    } catch (error) {
      observe.error('a task failed', {
        error: describeError(error),
      });
      throw error;
    } finally {
      observe.flush();
    }
  };
}
