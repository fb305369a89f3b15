import type { Delivery, Hold, HoldReason } from '../delivery/delivery.ts';
import { isAtProvider, isFinal } from '../delivery/status-rank.ts';

/** What the settings say about waiting, ms. */
export type Waits = {
  /** `in_doubt_grace` */
  readonly graceMs: number;
  /** `reconcile_after` */
  readonly reconcileMs: number;
};

/** What happens to a message by itself, in words, and when at the earliest (ms since 1970) if that is known. */
export type NextStep = { readonly what: string; readonly at?: number };

/** What happens to a message next without anyone doing anything; undefined once its status is final. */
export function nextStepOf(delivery: Delivery, waits: Waits, now: number): NextStep | undefined {
  const { status, lease, doubt } = delivery;
  if (isFinal(status)) return undefined;
  if (isAtProvider(status)) {
    return delivery.reconciledAt === undefined
      ? {
          what: 'The provider reports what becomes of it; if it does not, it is asked once.',
          at: (delivery.sentAt ?? delivery.createdAt) + waits.reconcileMs,
        }
      : { what: 'Nothing more is asked; a late report of the provider still counts.' };
  }
  if (status === 'failed' || status === 'expired') {
    return { what: 'Nothing until it is replayed: `failed show` says whether that helps.' };
  }
  if (status === 'held' && delivery.held) return whenHeld(delivery.held);
  if (lease !== undefined && lease.until > now) {
    return {
      what: 'A worker is sending it now; if that worker died, another looks at it.',
      at: lease.until,
    };
  }
  const doubtedUntil = lease === undefined ? doubt?.to : lease.until;
  if (doubtedUntil !== undefined) {
    return {
      what: 'The provider is asked whether it has the message; it is sent again only if not.',
      at: doubtedUntil + waits.graceMs,
    };
  }
  return delivery.nextTryAt === undefined
    ? { what: 'The next attempt, as soon as its queue gives it out.' }
    : { what: 'The next attempt.', at: delivery.nextTryAt };
}

const untilWords: Readonly<Record<HoldReason, string>> = {
  hold: 'Its campaign is on hold: it waits until that is resumed, and expires if that takes too long.',
  window: 'It waits for the hours in which its category may be sent.',
  schedule: 'It waits for the time that its creative names.',
  budget: 'A daily limit is reached: it waits for the next day.',
  pace: 'Its sender is busy: it waits for its turn.',
};

const whenHeld = ({ reason, until }: Hold): NextStep => ({ what: untilWords[reason], at: until });
