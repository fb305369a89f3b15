import { Unavailable } from './unavailable.ts';

/**
 * Writers of one record are few: a worker, the provider's callbacks (one per status, and each writes twice
 * at most), an operator. A writer that loses this often is not in a race; something else is wrong.
 */
const MOST_TRIES = 50;

/**
 * Compare and swap: `attempt` reads the record, decides and stores, and answers undefined when another
 * writer stored first; then it runs again. Throws `Unavailable` when it keeps losing.
 */
export async function swapUntil<T>(
  dependency: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new Unavailable(dependency);
}
