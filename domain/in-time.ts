import { Unavailable } from './unavailable.ts';

/**
 * The result, or `Unavailable` once the signal ends. Who waits for us gives up at a time of its own and
 * then does what we do not want: API Gateway answers without `Retry-After`, and an agents' platform publishes a
 * message unchanged. So a slow part must become an answer of ours before that.
 */
export function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Unavailable('time'));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
