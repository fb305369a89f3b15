import pRetry from 'p-retry';
import type { Outcome } from '../domain/delivery/outcome.ts';
import type { MessageGateway } from '../domain/delivery/ports.ts';
import { outOfTime } from '../domain/failure.ts';

/** Carries an outcome to be retried through p-retry, which only knows errors. */
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

/** Whether `withRetries` sends again at once, rather than leave the outcome to the queue. */
export const isRetriedNow = (outcome: Outcome): boolean =>
  outcome.kind === 'transient' && outcome.retryAfterSeconds === undefined;

/**
 * Sends again at once, within one invocation, what is known not to have been accepted. Throttled messages
 * and those for which the provider names a time wait on the queue: another call now would only be refused
 * too. What is unknown or rejected is never repeated here.
 */
export function withRetries(gateway: MessageGateway, options: RetryOptions): MessageGateway {
  const oneTry = (signal: AbortSignal) =>
    AbortSignal.any([signal, AbortSignal.timeout(options.tryTimeoutMs)]);

  return {
    ...gateway,
    lookUp: (request, secret, attempt, signal) =>
      gateway.lookUp(request, secret, attempt, oneTry(signal)),
    send: async (request, secret, signal, expiresAt) => {
      let last: Outcome | undefined;
      try {
        return await pRetry(
          async () => {
            last = await gateway.send(request, secret, oneTry(signal), expiresAt);
            if (isRetriedNow(last)) throw new TryAgain(last);
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
        // No retries left, or the signal ended the wait between two: the last answer stands.
        if (error instanceof TryAgain) return error.outcome;
        if (signal.aborted) return last ?? { kind: 'transient', failure: outOfTime };
        throw error;
      }
    },
  };
}
