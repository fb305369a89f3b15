import type { DeliveryRow, FailedRow } from './outside.ts';

/** What came of one scenario, counted from outside the service. */
export type Books = {
  /** Events answered 202. */
  readonly accepted: number;
  /** At the provider, and recorded so. */
  readonly sent: number;
  /** Kept as a failed request with a reason; by class. */
  readonly failed: Readonly<Record<string, number>>;
  /** Kept as a failed request because it grew too old. */
  readonly expired: number;
  /** Still on a queue when patience ended. */
  readonly unknown: number;
  /** Accepted, and neither sent, failed, expired, nor on a queue; or recorded as sent and at no provider. */
  readonly lost: number;
  /** Messages at a provider beyond the first of an event. */
  readonly duplicated: number;
  /** What contradicts itself: at the provider, and recorded as certainly not. */
  readonly contradictions: number;
};

export type Evidence = {
  /** `{tenantId}#{guid}` of the events answered 202. */
  readonly accepted: ReadonlySet<string>;
  readonly deliveries: readonly DeliveryRow[];
  readonly failedRequests: readonly FailedRow[];
  /** `{tenantId}#{guid}` per message that a provider accepted. */
  readonly atProvider: readonly string[];
  /** Records left on the outbound queue and its dead-letter queue. */
  readonly left: number;
};

const sentStatuses = new Set(['sent', 'canceled', 'undelivered', 'delivered', 'read']);

export function balance(evidence: Evidence): Books {
  const { accepted, left } = evidence;
  const status = new Map(evidence.deliveries.map((row) => [row.delivery_id, row.status]));
  const kept = new Map(
    evidence.failedRequests
      .filter((row) => row.status !== 'resolved')
      .map((row) => [`${row.tenant_id}#${row.guid.split('#').at(-1)}`, row]),
  );
  const times = new Map<string, number>();
  for (const id of evidence.atProvider) times.set(id, (times.get(id) ?? 0) + 1);

  let sent = 0;
  let expired = 0;
  let open = 0;
  let lost = 0;
  let contradictions = 0;
  const failed: Record<string, number> = {};
  for (const id of accepted) {
    const word = status.get(id);
    const row = kept.get(id);
    const isThere = times.has(id);
    if (word !== undefined && sentStatuses.has(word)) {
      if (isThere) sent += 1;
      else lost += 1;
      if (row) contradictions += 1;
    } else if (row) {
      if (row.error_class === 'expired') expired += 1;
      else failed[row.error_class] = (failed[row.error_class] ?? 0) + 1;
      // Of what nobody could be asked about, the operator is told that it is not known.
      if (isThere && row.error_class !== 'unknown') contradictions += 1;
    } else open += 1;
  }
  const unknown = Math.min(open, left);
  return {
    accepted: accepted.size,
    sent,
    failed,
    expired,
    unknown,
    lost: lost + open - unknown,
    duplicated: [...times.values()].reduce((sum, count) => sum + count - 1, 0),
    contradictions,
  };
}

export const failures = ({ failed }: Pick<Books, 'failed'>): number =>
  Object.values(failed).reduce((sum, count) => sum + count, 0);

/** What is wrong with the books whatever the scenario was; empty when all is well. */
export function wrongIn(books: Books): string[] {
  const { accepted, sent, expired, unknown } = books;
  const wrong: string[] = [];
  if (books.lost > 0) wrong.push(`${books.lost} lost`);
  if (books.duplicated > 0) wrong.push(`${books.duplicated} duplicated`);
  if (unknown > 0) wrong.push(`${unknown} without an outcome when patience ended`);
  if (books.contradictions > 0) wrong.push(`${books.contradictions} recorded as what they are not`);
  if (accepted !== sent + failures(books) + expired + unknown + books.lost)
    wrong.push(
      `${accepted} accepted are not ${sent} + ${failures(books)} + ${expired} + ${unknown}`,
    );
  return wrong;
}
