import type { Recorded } from './outcomes.ts';
import type { Answer } from './post.ts';

/** What is known of one event of a campaign, from outside the service. */
export type Observed = {
  readonly answer: Answer;
  /** What the tables say; undefined for an event that was not accepted. */
  readonly recorded?: Recorded | undefined;
  /** How often a provider accepted its message. */
  readonly atProvider: number;
};

/** A campaign's result. The books balance when every accepted event is sent or failed and nothing is odd. */
export type Books = {
  readonly accepted: number;
  readonly discarded: number;
  readonly rejected: number;
  /** Answered neither way; not accepted, so nobody owes them anything. */
  readonly unanswered: number;
  readonly sent: number;
  /** By class. */
  readonly failed: Readonly<Record<string, number>>;
  readonly reasons: readonly Reason[];
  /** Accepted, and without an outcome; or said to be sent, and at no provider. */
  readonly lost: number;
  /** Messages at a provider beyond the first of an event. */
  readonly duplicates: number;
  /** At a provider although refused, or although recorded as not sent. */
  readonly unexplained: number;
};

type Reason = {
  readonly class: string;
  readonly code: string;
  readonly message: string;
  readonly count: number;
};

export function balance(events: readonly Observed[]): Books {
  const count = (fits: (event: Observed) => boolean) => events.filter(fits).length;
  const accepted = events.filter((event) => event.answer === 'accepted');
  const sent = accepted.filter((e) => e.recorded?.kind === 'sent' && e.atProvider > 0);
  const reasons = reasonsOf(accepted);
  return {
    accepted: accepted.length,
    discarded: count((event) => event.answer === 'discarded'),
    rejected: count((event) => event.answer === 'rejected'),
    unanswered: count((event) => event.answer === 'failed'),
    sent: sent.length,
    failed: Object.fromEntries(
      [...new Set(reasons.map((reason) => reason.class))].map((name) => [
        name,
        sum(reasons.filter((reason) => reason.class === name).map((reason) => reason.count)),
      ]),
    ),
    reasons,
    lost: accepted.length - sent.length - sum(reasons.map((reason) => reason.count)),
    duplicates: sum(events.map((event) => Math.max(0, event.atProvider - 1))),
    unexplained: count(
      ({ answer, recorded, atProvider }) =>
        atProvider > 0 &&
        (answer === 'discarded' ||
          answer === 'rejected' ||
          (recorded?.kind === 'failed' && recorded.class !== 'unknown')),
    ),
  };
}

export const isBalanced = (books: Books): boolean =>
  books.lost === 0 &&
  books.duplicates === 0 &&
  books.unexplained === 0 &&
  books.accepted === books.sent + sum(Object.values(books.failed));

/** Most frequent first. */
function reasonsOf(accepted: readonly Observed[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { recorded } of accepted) {
    if (recorded?.kind !== 'failed') continue;
    const { class: name, code, message } = recorded;
    const known = reasons.get(`${name} ${code}`);
    reasons.set(`${name} ${code}`, { class: name, code, message, count: (known?.count ?? 0) + 1 });
  }
  return [...reasons.values()].sort((a, b) => b.count - a.count);
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
