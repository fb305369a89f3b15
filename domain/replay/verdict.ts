import type { Delivery } from '../delivery/delivery.ts';
import { expiryOf, type TimeLimits } from '../delivery/expiry.ts';
import { isAtProvider } from '../delivery/status-rank.ts';
import type { FailedRequest } from '../failed-requests/failed-request.ts';

/** What a replay would do with one failed request; the first two are requeued, the others left alone. */
export const verdicts = [
  'send',
  /** The provider may have it: the worker asks before it sends. */
  'in-doubt',
  /** Older than `event_ttl`; sent when the replay lifts the limit. */
  'expired',
  /** A callback or a late copy showed that it was sent after all. */
  'delivered-meanwhile',
  'opted-out',
  /** The message itself is at fault: it is sent only if the operator insists (`includePermanent`). */
  'needs-editing',
  'already-being-replayed',
  /** This replay has requeued it before, and it failed again. */
  'failed-again',
] as const;
export type Verdict = (typeof verdicts)[number];

/** What is known of a failed request at the moment it is judged. */
export type Judged = {
  readonly row: FailedRequest;
  /** When CI360 generated the event, ms since 1970; undefined for an event for CI360, which does not expire. */
  readonly generatedAt: number | undefined;
  readonly delivery: Delivery | undefined;
  readonly optedOut: boolean;
};

/** Judges a failed request as the worker would at send time. One rule a line; the first that applies holds. */
export function verdictOf(
  { row, generatedAt, delivery, optedOut }: Judged,
  rules: TimeLimits & {
    readonly ignoreTtl: boolean;
    readonly includePermanent: boolean;
    readonly now: number;
    /** The replay that asks; absent in a plan. */
    readonly replayId?: string;
  },
): Verdict {
  if (row.status === 'resolved') return 'delivered-meanwhile';
  if (row.status === 'replaying') return 'already-being-replayed';
  if (rules.replayId !== undefined && row.replayId === rules.replayId) return 'failed-again';
  if (row.errorClass === 'poison') return 'needs-editing';
  if (row.kind === 'external-event') return 'send';

  if (delivery && isAtProvider(delivery.status)) return 'delivered-meanwhile';
  if (row.errorClass === 'permanent' && !rules.includePermanent) return 'needs-editing';
  if (optedOut) return 'opted-out';
  const age = { generatedAt: generatedAt ?? 0, replay: { ignoreTtl: rules.ignoreTtl } };
  if (expiryOf(age, delivery?.heldForMs, rules, rules.now)) return 'expired';
  if (delivery?.doubt) return 'in-doubt';
  return 'send';
}

/** Whether a verdict puts the request on the queue. */
export const isRequeued = (verdict: Verdict): boolean =>
  verdict === 'send' || verdict === 'in-doubt';
