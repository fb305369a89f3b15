import type { Random } from '../clock.ts';
import type { Failure } from '../failure.ts';
import { type BackoffPolicy, nextTry } from './backoff.ts';
import { type Delivery, type Hold, keptForReplay } from './delivery.ts';
import { withoutDoubt } from './doubt.ts';
import { erasedDelivery } from './erased.ts';
import { noted } from './history.ts';
import type { Outcome } from './outcome.ts';
import { isAtProvider } from './status-rank.ts';

export type SettlePolicy = {
  readonly backoff: BackoffPolicy;
  /** For throttled messages where something else keeps them apart; `backoff` without it. */
  readonly throttledBackoff?: BackoffPolicy;
  readonly maxAttempts: number;
  readonly inDoubtGraceMs: number;
  /** How long a failed request is kept. */
  readonly failedRequestTtlSeconds: number;
  readonly random: Random;
};

/** What becomes of the queue's record once the delivery is stored. */
export type Disposition =
  | { readonly kind: 'done' }
  /** `isThrottled`: it waits for its provider to take it, and for nothing else. */
  | { readonly kind: 'retry'; readonly seconds: number; readonly isThrottled?: true }
  /** The hold store has it: the record may go. */
  | { readonly kind: 'held' }
  /** Nobody is to see it again: the record may go, and its text with it. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'hand-over'; readonly failure: Failure };

export type Settlement = { readonly next: Delivery; readonly disposition: Disposition };

/** Everything that ends a claim: the five outcomes, and what the worker decides by itself. */
export type Ending =
  | Outcome
  /** Too old to send now. */
  | { readonly kind: 'expired'; readonly failure: Failure }
  /** Given up with this reason; what is in doubt stays in doubt, so that a replay asks first. */
  | { readonly kind: 'given-up'; readonly failure: Failure }
  /** The person was erased after it was accepted: it is neither sent nor kept. */
  | { readonly kind: 'erased' }
  /** It may not leave now, and the hold store keeps it. Spends nothing. */
  | { readonly kind: 'held'; readonly hold: Hold }
  /** Nothing was tried; come back later. Spends nothing. */
  | { readonly kind: 'postponed'; readonly failure: Failure; readonly seconds?: number };

/**
 * Ends a claim. `at.receiveCount` (from 1) spreads the waits; `at.now` in ms since 1970.
 * What the provider has already reported about the message always stands.
 */
export function settle(
  current: Delivery,
  ending: Ending,
  at: { readonly now: number; readonly receiveCount: number },
  policy: SettlePolicy,
): Settlement {
  const { next, disposition } = settled(current, ending, at, policy);
  const detail = 'failure' in ending ? ending.failure.code : '';
  return {
    next: noted(next, ending.kind, at.now, ending.kind === 'held' ? ending.hold.reason : detail),
    disposition,
  };
}

function settled(
  current: Delivery,
  ending: Ending,
  at: { readonly now: number; readonly receiveCount: number },
  policy: SettlePolicy,
): Settlement {
  const { lease, ...rest } = current;
  const base = { ...rest, version: current.version + 1, updatedAt: at.now };
  const failed = (delivery: Delivery, failure: Failure): Settlement => {
    const status = ending.kind === 'expired' ? 'expired' : 'failed';
    const next = { ...delivery, status, lastError: failure } as const;
    return {
      next: keptForReplay(next, at.now, policy.failedRequestTtlSeconds),
      disposition: { kind: 'hand-over', failure },
    };
  };
  const wait = (retryAfter?: number, backoff = policy.backoff): number =>
    nextTry(backoff, at.receiveCount - 1, policy.random, retryAfter);

  if (isAtProvider(current.status)) {
    const id = ending.kind === 'accepted' ? { providerMessageId: ending.providerMessageId } : {};
    return { next: { ...base, ...id }, disposition: { kind: 'done' } };
  }

  switch (ending.kind) {
    case 'accepted': {
      const { lastError: _past, ...clear } = withoutDoubt(base);
      return {
        next: {
          ...clear,
          status: 'sent',
          sentAt: at.now,
          providerMessageId: ending.providerMessageId,
        },
        disposition: { kind: 'done' },
      };
    }
    case 'rejected':
      // A refusal answers the attempt it refuses, and a sent one would have been found before it.
      return failed(withoutDoubt(base), ending.failure);
    case 'given-up':
    case 'expired':
      return failed(base, ending.failure);
    case 'erased':
      return { next: erasedDelivery(base), disposition: { kind: 'dropped' } };
    case 'throttled':
      return {
        next: { ...base, status: 'sending', lastError: ending.failure },
        disposition: {
          kind: 'retry',
          seconds: wait(ending.retryAfterSeconds, policy.throttledBackoff),
          isThrottled: true,
        },
      };
    case 'transient': {
      const attempts = current.attempts + 1;
      const next: Delivery = { ...base, attempts, status: 'sending', lastError: ending.failure };
      if (attempts >= policy.maxAttempts) return failed(next, ending.failure);
      return {
        next,
        disposition: { kind: 'retry', seconds: wait(ending.retryAfterSeconds) },
      };
    }
    case 'unknown':
      return {
        next: {
          ...base,
          attempts: current.attempts + 1,
          status: 'unknown',
          lastError: ending.failure,
          doubt: {
            from: Math.min(current.doubt?.from ?? at.now, lease?.since ?? at.now),
            to: at.now,
          },
        },
        disposition: {
          kind: 'retry',
          seconds: Math.max(Math.ceil(policy.inDoubtGraceMs / 1000), wait()),
        },
      };
    case 'held':
      return {
        next: { ...base, status: 'held', held: ending.hold },
        disposition: { kind: 'held' },
      };
    case 'postponed':
      return {
        next: {
          ...base,
          status: current.doubt ? 'unknown' : 'sending',
          lastError: ending.failure,
        },
        disposition: { kind: 'retry', seconds: ending.seconds ?? wait() },
      };
  }
}
