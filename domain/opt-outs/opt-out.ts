import { type Clock, SECOND } from '../clock.ts';

/** The person's latest word about being written to: of their own, or an operator's or agent's for them. */
export type Word = {
  readonly status: 'opted-out' | 'opted-in';
  /** When it was said, ms since 1970. */
  readonly at: number;
  /** Who told us. */
  readonly source: string;
  /** The provider's id of the message that said it: however often it is delivered, it counts once. */
  readonly messageId?: string | undefined;
};

/** A provider's refusal to write to the person, for the reason that they opted out. */
export type Refusal = { readonly at: number; readonly source: string };

/**
 * What is known of one address towards one tenant. The word and the refusal are kept apart, the latest
 * of each, so that it does not matter in which order they are recorded: a refusal never weakens a STOP,
 * and a STOP is not forgotten with the refusal before it.
 */
export type Wish = {
  readonly word?: Word | undefined;
  /** What was said before it, the latest first: the last few messages, by which a repetition is recognised. */
  readonly earlier?: readonly Word[] | undefined;
  readonly refusal?: Refusal | undefined;
};

/** So many words of an address are remembered. A provider repeats a message within minutes, never after so many others. */
const WORDS_REMEMBERED = 20;

/** For how long a refusal counts (`learned_opt_out_ttl`), and what time it is. */
export type RefusalRules = { readonly refusalTtlSeconds: number; readonly clock: Clock };

/** The latest first; of two at the same millisecond the STOP, so that every order of recording ends alike. */
const latestFirst = (a: Word, b: Word): number =>
  b.at - a.at ||
  Number(b.status === 'opted-out') - Number(a.status === 'opted-out') ||
  ((a.messageId ?? '') < (b.messageId ?? '') ? -1 : 1);

/** Everything that is remembered of what was said, the latest first. */
const wordsOf = ({ word, earlier = [] }: Wish): readonly Word[] =>
  word === undefined ? [] : [word, ...earlier];

/**
 * Whether `word` says something that `known`, the same message or the latest word without one, does not.
 * A message counts from when it was first heard: Twilio's webhooks have no time of their own.
 */
const addsTo = (known: Word, word: Word): boolean =>
  word.messageId === undefined ? latestFirst(word, known) < 0 : word.at < known.at;

/**
 * Adds a word, or gives undefined where it changes nothing: it was heard before, or is older than all that
 * is remembered. The latest word stands, in whatever order and however often the words are recorded.
 */
export function withWord(wish: Wish, word: Word): Wish | undefined {
  const words = wordsOf(wish);
  const known = words.find(({ messageId }) => messageId === word.messageId);
  if (known !== undefined && !addsTo(known, word)) return undefined;
  const [latest, ...earlier] = [...words.filter((each) => each !== known), word]
    .sort(latestFirst)
    .slice(0, WORDS_REMEMBERED);
  if (latest !== word && !earlier.includes(word)) return undefined;
  return {
    word: latest,
    ...(earlier.length > 0 ? { earlier } : {}),
    ...(wish.refusal ? { refusal: wish.refusal } : {}),
  };
}

/** Whether this message said the latest word, and said something else than the person had said before it. */
export function changedBy(wish: Wish, messageId: string): boolean {
  if (wish.word?.messageId !== messageId) return false;
  return wish.word.status !== (wish.earlier?.[0]?.status ?? 'opted-in');
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
