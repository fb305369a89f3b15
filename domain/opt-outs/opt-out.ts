import { type Clock, DAY, SECOND } from '../clock.ts';

/** A statement about being written to: the person's own, an operator's or agent's for them, or a list's. */
export type Statement = {
  readonly status: 'opted-out' | 'opted-in';
  /** When it was said, ms since 1970. */
  readonly at: number;
  /** Where it came from: `{provider}:STOP`, `operator:<key>`, `contacts`, `import:<list>`, … */
  readonly source: string;
  /** The provider's id of the message that said it: however often it is delivered, it counts once. */
  readonly messageId?: string | undefined;
};

/** A provider's refusal to write to the person, for the reason that they opted out. */
export type Refusal = { readonly at: number; readonly source: string };

/**
 * What is known of one address towards one tenant. The statement and the refusal are kept apart, the latest
 * of each, so that it does not matter in which order they are recorded: a refusal never weakens a STOP,
 * and a STOP is not forgotten with the refusal before it.
 */
export type Preference = {
  /** The statement that counts. */
  readonly statement?: Statement | undefined;
  /** The others that are remembered, the latest first; by their messages a repetition is recognised. */
  readonly earlier?: readonly Statement[] | undefined;
  readonly refusal?: Refusal | undefined;
  /** When the person was erased, ms since 1970: what was accepted before is not sent any more. */
  readonly erasedAt?: number | undefined;
};

/** What the worker needs to know before it sends, in one read. */
export type RecipientState = {
  readonly isOptedOut: boolean;
  readonly erasedAt?: number | undefined;
};

/** A mark without a statement is kept for so long: longer than queues (14 days) and holds keep a message. */
const ERASURE_KEPT_FOR = 30 * DAY;

export const erasureEnds = (erasedAt: number): number => erasedAt + ERASURE_KEPT_FOR;

/** Marks the person as erased, or gives undefined where a mark as late is known. */
export const withErasure = (preference: Preference, at: number): Preference | undefined =>
  at > (preference.erasedAt ?? 0) ? { ...preference, erasedAt: at } : undefined;

/** Whether something that was accepted at this time (ms since 1970) is of a person who was erased since. */
export const isErased = (acceptedAt: number, { erasedAt }: RecipientState): boolean =>
  erasedAt !== undefined && acceptedAt <= erasedAt;

/** So many statements of an address are remembered. A provider repeats a message within minutes, never after so many others. */
const STATEMENTS_REMEMBERED = 20;

/** For how long a refusal counts (`learned_opt_out_ttl`), and what time it is. */
export type RefusalRules = { readonly refusalTtlSeconds: number; readonly clock: Clock };

/** The latest first; of two at the same millisecond the STOP, so that every order of recording ends alike. */
const latestFirst = (a: Statement, b: Statement): number =>
  b.at - a.at ||
  Number(b.status === 'opted-out') - Number(a.status === 'opted-out') ||
  ((a.messageId ?? '') < (b.messageId ?? '') ? -1 : 1);

/** Everything that is remembered of what was said, the latest first. */
const statementsOf = ({ statement, earlier = [] }: Preference): readonly Statement[] =>
  statement === undefined ? [] : [statement, ...earlier].sort(latestFirst);

/**
 * A list from elsewhere, such as an import, may opt people out and take back what a list said. It does not
 * lift what the person said to us, or an operator recorded for them.
 */
const isFromList = ({ source }: Statement): boolean => /^(import|ci360)(:|$)/.test(source);

/** The statement that counts, of statements with the latest first; undefined where there is none. */
function standing(statements: readonly Statement[]): Statement | undefined {
  let counts: Statement | undefined;
  for (const statement of statements.toReversed()) {
    const isLocked = counts?.status === 'opted-out' && !isFromList(counts);
    if (!(isLocked && isFromList(statement))) counts = statement;
  }
  return counts;
}

/**
 * Whether `statement` says something that `known`, the same message or the latest statement without one, does not.
 * A message counts from when it was first received: not every webhook has a time of its own.
 */
const addsTo = (known: Statement, statement: Statement): boolean =>
  statement.messageId === undefined ? latestFirst(statement, known) < 0 : statement.at < known.at;

/**
 * Adds a statement, or gives undefined where it changes nothing: it was recorded before, or is older than all
 * that is remembered. The latest statement counts, in whatever order and however often statements are recorded.
 */
export function withStatement(
  preference: Preference,
  statement: Statement,
): Preference | undefined {
  const statements = statementsOf(preference);
  const known = statements.find(({ messageId }) => messageId === statement.messageId);
  if (known !== undefined && !addsTo(known, statement)) return undefined;
  const all = [...statements.filter((each) => each !== known), statement].sort(latestFirst);
  const counts = standing(all);
  const earlier = all.filter((each) => each !== counts).slice(0, STATEMENTS_REMEMBERED - 1);
  if (counts !== statement && !earlier.includes(statement)) return undefined;
  return {
    statement: counts,
    ...(earlier.length > 0 ? { earlier } : {}),
    ...(preference.refusal ? { refusal: preference.refusal } : {}),
    ...(preference.erasedAt ? { erasedAt: preference.erasedAt } : {}),
  };
}

/** Whether this message said what counts now, and said something else than the person had said before it. */
export function changedBy(preference: Preference, messageId: string): boolean {
  const { statement, earlier = [] } = preference;
  if (statement?.messageId !== messageId) return false;
  return statement.status !== (standing(earlier)?.status ?? 'opted-in');
}

/** Adds a refusal, or gives undefined where one as late is known. */
export const withRefusal = (preference: Preference, refusal: Refusal): Preference | undefined =>
  preference.refusal === undefined || refusal.at > preference.refusal.at
    ? { ...preference, refusal }
    : undefined;

/** Whether a statement was said after the refusal, which is then of no account. */
export const isOutdated = (refusal: Refusal, statement: Statement | undefined): boolean =>
  statement !== undefined && statement.at > refusal.at;

/** When a refusal stops counting, ms since 1970. */
export const refusalEnds = (refusal: Refusal, { refusalTtlSeconds }: RefusalRules): number =>
  refusal.at + refusalTtlSeconds * SECOND;

/**
 * Why the person is not written to, or undefined when they may be. A statement counts for ever. A refusal is
 * about one sender, and the person may have opted in again where we do not hear of it: it counts for a
 * time, and not against a statement that was said after it.
 */
export function optedOutBy(
  preference: Preference,
  rules: RefusalRules,
): 'statement' | 'refusal' | undefined {
  const { statement, refusal } = preference;
  if (statement?.status === 'opted-out') return 'statement';
  if (refusal === undefined || isOutdated(refusal, statement)) return undefined;
  return rules.clock() < refusalEnds(refusal, rules) ? 'refusal' : undefined;
}
