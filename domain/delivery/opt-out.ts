import { type Clock, SECOND } from '../clock.ts';

/** The person's latest word about being written to: of their own, or an operator's or agent's for them. */
export type Word = {
  readonly status: 'opted-out' | 'opted-in';
  /** When it was said, ms since 1970. */
  readonly at: number;
  /** Who told us. */
  readonly source: string;
};

/** A provider's refusal to write to the person, for the reason that they opted out. */
export type Refusal = { readonly at: number; readonly source: string };

/**
 * What is known of one address towards one tenant. The word and the refusal are kept apart, the latest
 * of each, so that it does not matter in which order they are recorded: a refusal never weakens a STOP,
 * and a STOP is not forgotten with the refusal before it.
 */
export type Wish = { readonly word?: Word | undefined; readonly refusal?: Refusal | undefined };

/** For how long a refusal counts (`learned_opt_out_ttl`), and what time it is. */
export type RefusalRules = { readonly refusalTtlSeconds: number; readonly clock: Clock };

/** Adds a word, or gives undefined where a later one stands. STOP beats a START of the same millisecond. */
export function withWord(wish: Wish, word: Word): Wish | undefined {
  const { word: known } = wish;
  const isLater =
    known === undefined ||
    word.at > known.at ||
    (word.at === known.at && word.status === 'opted-out' && known.status === 'opted-in');
  return isLater ? { ...wish, word } : undefined;
}

/** Adds a refusal, or gives undefined where one as late is known. */
export const withRefusal = (wish: Wish, refusal: Refusal): Wish | undefined =>
  wish.refusal === undefined || refusal.at > wish.refusal.at ? { ...wish, refusal } : undefined;

/** Whether a word was said after the refusal, which is then of no account. */
export const isOutdated = (refusal: Refusal, word: Word | undefined): boolean =>
  word !== undefined && word.at > refusal.at;

/** When a refusal stops counting, ms since 1970. */
export const refusalEnds = (refusal: Refusal, { refusalTtlSeconds }: RefusalRules): number =>
  refusal.at + refusalTtlSeconds * SECOND;

/**
 * Why the person is not written to, or undefined when they may be. A word counts for ever. A refusal is
 * about one sender, and the person may have opted in again where we do not hear of it: it counts for a
 * time, and not against a word that was said after it.
 */
export function optedOutBy(wish: Wish, rules: RefusalRules): 'word' | 'refusal' | undefined {
  const { word, refusal } = wish;
  if (word?.status === 'opted-out') return 'word';
  if (refusal === undefined || isOutdated(refusal, word)) return undefined;
  return rules.clock() < refusalEnds(refusal, rules) ? 'refusal' : undefined;
}
