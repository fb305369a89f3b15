import { Unavailable } from '../../domain/unavailable.ts';

/**
 * Makes one call to AWS; whatever it throws becomes `Unavailable`, with the SDK's error as the cause.
 * Refusals that are an answer (a condition that failed, a secret that is not there) are read by the
 * caller before they get here.
 */
export async function orUnavailable<T>(dependency: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw cause instanceof Unavailable ? cause : new Unavailable(dependency, { cause });
  }
}
