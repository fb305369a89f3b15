/** What a person wants of us when the whole message is one of these words. */
export type OptOutWord = 'STOP' | 'START' | 'HELP';

/**
 * Twilio's default keywords, which also hold where the provider filters none.
 * https://help.twilio.com/articles/223134027 (REVOKE and OPTOUT since 2025).
 */
const words: Readonly<Record<string, OptOutWord>> = {
  STOP: 'STOP',
  STOPALL: 'STOP',
  UNSUBSCRIBE: 'STOP',
  CANCEL: 'STOP',
  END: 'STOP',
  QUIT: 'STOP',
  REVOKE: 'STOP',
  OPTOUT: 'STOP',
  START: 'START',
  YES: 'START',
  UNSTOP: 'START',
  HELP: 'HELP',
  INFO: 'HELP',
};

/** No keyword is this long, with the full stops and exclamation marks that people put behind it. */
const LONGEST = 32;

/** Reads a message that is nothing but a keyword; blanks, case and a full stop do not matter. */
export function optOutWord(body: string): OptOutWord | undefined {
  const text = body.trim();
  if (text.length > LONGEST) return undefined;
  const word = text.replace(/[.!]+$/, '').toUpperCase();
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
