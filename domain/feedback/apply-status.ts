import { SECOND } from '../clock.ts';
import type { Delivery, DeliveryStatus } from '../delivery/delivery.ts';
import { isHappening, noted } from '../delivery/history.ts';
import { isAtProvider, statusRank } from '../delivery/status-rank.ts';
import type { Failure } from '../failure.ts';

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
  /** `report`: the claim to do so is in `next`. `waitSeconds`: another is being reported first. */
  readonly after: 'settled' | 'report' | { readonly waitSeconds: number };
};

/**
 * Decides over one word. `reportAs` is the word under which it is reported, if it is. The claim is
 * stored together with the status, in one write.
 *
 * A word waits while the same one, or one that comes before it, is being reported or waits for its
 * next try: so CI360 hears them in order as far as they have come to us in order.
 */
export function stepFor(
  delivery: Delivery,
  word: Word,
  reportAs: string | undefined,
  at: {
    readonly now: number;
    readonly leaseMs: number;
    /** The delivery status that a name of the provider's stands for. */
    readonly statusOf: (name: string) => DeliveryStatus | undefined;
  },
): StatusStep {
  const joined = applyWord(delivery, word);
  const known = isAtProvider(delivery.status) ? joined : { ...joined, sentAt: at.now };
  const applied = joined.status === delivery.status ? known : withStatusNoted(known, at.now);
  const changed = joined === delivery ? {} : { next: nextVersion(applied, at.now) };
  const { reports = {} } = delivery;
  if (reportAs === undefined || reports[reportAs] === 'reported') {
    return { ...changed, after: 'settled' };
  }
  const waitUntil = Math.max(...aheadOf(delivery, word, reportAs, at.statusOf));
  if (waitUntil > at.now) {
    return { ...changed, after: { waitSeconds: Math.ceil((waitUntil - at.now) / SECOND) } };
  }
  return {
    next: withReport(applied, reportAs, at.now + at.leaseMs, at.now),
    after: 'report',
  };
}

/** A late failure is noted with its code. */
function withStatusNoted(delivery: Delivery, now: number): Delivery {
  const { status, lastError } = delivery;
  return isHappening(status)
    ? noted(delivery, status, now, status === 'undelivered' ? lastError?.code : '')
    : delivery;
}

/** Until when words that go first are held: the same one, and with a moment to spare the lower ones. */
function aheadOf(
  delivery: Delivery,
  word: Word,
  reportAs: string,
  statusOf: (name: string) => DeliveryStatus | undefined,
): number[] {
  const held = [Number.NEGATIVE_INFINITY];
  for (const [other, until] of Object.entries(delivery.reports ?? {})) {
    if (until === 'reported') continue;
    if (other === reportAs) held.push(until);
    const status = statusOf(other);
    if (status && statusRank(status) < statusRank(word.status)) held.push(until + SECOND);
  }
  return held;
}

/**
 * The delivery with a note of where the report of `word` stands: `reported`, held until a time (ms
 * since 1970), or nowhere.
 */
export function withReport(
  delivery: Delivery,
  word: string,
  report: 'reported' | number | undefined,
  now: number,
): Delivery {
  const { [word]: _before, ...others } = delivery.reports ?? {};
  const reports = report === undefined ? others : { ...others, [word]: report };
  const next = report === 'reported' ? noted(delivery, 'reported', now, word) : delivery;
  return nextVersion({ ...next, reports }, now);
}

const nextVersion = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  version: delivery.version + 1,
  updatedAt: now,
});
