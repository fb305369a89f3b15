import type { Delivery, DeliveryStatus } from '../delivery/delivery.ts';
import type { Failure } from '../delivery/failure.ts';
import { statusRank } from '../delivery/status-rank.ts';

/** A provider's word, read for the delivery. */
export type Word = {
  readonly status: DeliveryStatus;
  readonly providerMessageId: string;
  /** Why it was not delivered. Counts only with `undelivered`. */
  readonly failure?: Failure;
};

/**
 * The delivery after a word about it. Joins, so that any order and number of a message's callbacks
 * ends in the same delivery: the higher status stands, and of two failures the one with the higher
 * code. A word about a delivery in doubt, or one that we gave up, shows that it was sent after all.
 */
export function applyWord(delivery: Delivery, word: Word): Delivery {
  const before = statusRank(delivery.status);
  const after = statusRank(word.status);
  if (after < before) return delivery;
  const failure = word.status === 'undelivered' ? word.failure : undefined;
  if (after === before) {
    const same = failure === undefined || failure.code <= (delivery.lastError?.code ?? '');
    return same ? delivery : { ...delivery, lastError: failure };
  }
  const { doubt: _settled, lease: _over, lastError: _past, ...kept } = delivery;
  return {
    ...kept,
    status: word.status,
    providerMessageId: delivery.providerMessageId ?? word.providerMessageId,
    ...(failure ? { lastError: failure } : {}),
  };
}

/** What the injector does about one status update. */
export type StatusStep = {
  /** To be stored first; absent when nothing changes. */
  readonly next?: Delivery;
  /** `report`: the claim to do so is in `next`. `wait`: another injector holds it. */
  readonly after: 'settled' | 'report' | { readonly waitSeconds: number };
};

/**
 * Decides over one word. `reportAs` is the word under which it is reported, if it is. The claim is
 * stored together with the status, in one write.
 */
export function stepFor(
  delivery: Delivery,
  word: Word,
  reportAs: string | undefined,
  at: { readonly now: number; readonly leaseMs: number },
): StatusStep {
  const applied = applyWord(delivery, word);
  const changed = applied === delivery ? {} : { next: nextVersion(applied, at.now) };
  if (reportAs === undefined) return { ...changed, after: 'settled' };

  const report = delivery.reports?.[reportAs];
  if (report === 'reported') return { ...changed, after: 'settled' };
  if (report !== undefined && report > at.now) {
    const waitSeconds = Math.max(1, Math.ceil((report - at.now) / 1000));
    return { ...changed, after: { waitSeconds } };
  }
  const reports = { ...delivery.reports, [reportAs]: at.now + at.leaseMs };
  return { next: nextVersion({ ...applied, reports }, at.now), after: 'report' };
}

/** The delivery once CI360 has the status. */
export function reported(delivery: Delivery, word: string, now: number): Delivery {
  return nextVersion(
    { ...delivery, reports: { ...delivery.reports, [word]: 'reported' as const } },
    now,
  );
}

/** The delivery with its claim to report given back. */
export function released(delivery: Delivery, word: string, now: number): Delivery {
  const { [word]: _claim, ...reports } = delivery.reports ?? {};
  return nextVersion({ ...delivery, reports }, now);
}

const nextVersion = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  version: delivery.version + 1,
  updatedAt: now,
});
