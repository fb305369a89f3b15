import pRetry from 'p-retry';
import { outOfTime } from '../domain/delivery/failure.ts';
import type { Outcome } from '../domain/delivery/outcome.ts';
import type { MessageGateway } from '../domain/delivery/ports.ts';

/** Carries an outcome that is worth another try through p-retry, which knows errors only. */
class TryAgain extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

export type RetryOptions = {
  /** Further tries after the first. */
  readonly retries: number;
  /** Milliseconds before the first further try; doubles, jittered. */
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
  /** Milliseconds after which no further try is begun. */
  readonly maxRetryTimeMs: number;
  /** Milliseconds to wait for one answer (`provider_timeout`). */
  readonly tryTimeoutMs: number;
};

/**
 * Sends again at once, within one invocation, what is known not to have been accepted. A provider that
 * names a time to wait gets it on the queue, and what is unknown or refused is never repeated here.
 */
export function withRetries(gateway: MessageGateway, options: RetryOptions): MessageGateway {
  const worthIt = (outcome: Outcome): boolean =>
    (outcome.kind === 'transient' || outcome.kind === 'throttled') && !outcome.retryAfterSeconds;

  const oneTry = (signal: AbortSignal) =>
    AbortSignal.any([signal, AbortSignal.timeout(options.tryTimeoutMs)]);

  return {
    ...gateway,
    lookUp: (request, secret, window, signal) =>
      gateway.lookUp(request, secret, window, oneTry(signal)),
    send: async (request, secret, signal) => {
      let last: Outcome | undefined;
      try {
        return await pRetry(
          async () => {
            last = await gateway.send(request, secret, oneTry(signal));
            if (worthIt(last)) throw new TryAgain(last);
            return last;
          },
          {
            retries: options.retries,
            factor: 2,
            minTimeout: options.minTimeoutMs,
            maxTimeout: options.maxTimeoutMs,
            maxRetryTime: options.maxRetryTimeMs,
            randomize: true,
            signal,
            shouldRetry: ({ error }) => error instanceof TryAgain,
          },
        );
      } catch (error) {
        // Out of tries, or the signal ended the wait between two: the last answer stands.
        if (error instanceof TryAgain) return error.outcome;
        if (signal.aborted) return last ?? { kind: 'transient', failure: outOfTime };
        throw error;
      }
    },
  };
}
