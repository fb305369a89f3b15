import { Unavailable } from '../../unavailable.ts';

/**
 * The result, or `Unavailable` once the signal ends. Twilio publishes a message unchanged when a
 * pre-event callback takes more than 5 s, so a slow table must become an answer of ours before that.
 */
export function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Unavailable('time'));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
