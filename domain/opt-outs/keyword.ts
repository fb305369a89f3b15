import { keyOf, normalise } from './normalise.ts';
import {
  helpWords,
  negations,
  startWords,
  stopWords,
  unambiguous,
  unambiguousWithoutBlanks,
} from './words.ts';

/** What a person wants of us when the whole message says so. */
export type Keyword = 'STOP' | 'START' | 'HELP';

/** A tenant's own keywords, which go before the table. */
export type OwnWords = Readonly<Partial<Record<Keyword, readonly string[]>>>;

/**
 * What is done about a short text that contains a word which means STOP and nothing else (`please stop`):
 * it opts out, it is only listed for review, or it is a text like any other.
 */
export type PhrasePolicy = 'stop' | 'flag' | 'off';

/** What a text says. With `isPhrase`, someone should look at it: it was read from a longer text. */
export type Reading = { readonly keyword?: Keyword; readonly isPhrase?: true };

/** No keyword and no short text is this long. */
const LONGEST = 80;
const MOST_WORDS = 5;

const table = new Map<string, Keyword>([
  ...Object.values(stopWords)
    .flat()
    .map((word) => [keyOf(word), 'STOP'] as const),
  ...startWords.map((word) => [keyOf(word), 'START'] as const),
  ...helpWords.map((word) => [keyOf(word), 'HELP'] as const),
]);

/** The keyword that the whole text is, or undefined. Case, accents, punctuation and emoji do not matter. */
export function exactKeyword(text: string, own: OwnWords = {}): Keyword | undefined {
  if (text.length > LONGEST) return undefined;
  const key = keyOf(text);
  if (key === '') return undefined;
  const kinds = ['STOP', 'START', 'HELP'] as const;
  return kinds.find((kind) => own[kind]?.some((word) => keyOf(word) === key)) ?? table.get(key);
}

/** Reads a message: its keyword if it is one, else whether it is a short text that means STOP. */
export function readKeyword(text: string, phrases: PhrasePolicy, own: OwnWords = {}): Reading {
  const keyword = exactKeyword(text, own);
  if (keyword !== undefined) return { keyword };
  if (phrases === 'off' || text.length > LONGEST) return {};
  switch (phraseIn(normalise(text))) {
    case 'stop':
      return { ...(phrases === 'stop' ? { keyword: 'STOP' } : {}), isPhrase: true };
    case 'negated':
      return { isPhrase: true };
    case undefined:
      return {};
  }
}

/** Whether a normalised short text contains a word that means STOP, and whether it says not to. */
function phraseIn(text: string): 'stop' | 'negated' | undefined {
  if (text.split(' ').length > MOST_WORDS) return undefined;
  if (unambiguousWithoutBlanks.some((word) => text.includes(word))) return 'stop';
  const padded = ` ${text} `;
  const word = unambiguous.find((each) => padded.includes(` ${each} `));
  if (word === undefined) return undefined;
  return negations.some((no) => padded.includes(` ${no} ${word} `)) ? 'negated' : 'stop';
}
