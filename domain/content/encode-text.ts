import { isGsm7, notGsm7, septetsOf } from './gsm7.ts';
import { smartEncoded } from './smart-encoding.ts';

/**
 * What is done to an SMS that GSM-7 cannot hold, `encoding`. `keep`: nothing. `smart`: typographic
 * characters are replaced where that makes it GSM-7. `gsm7`: those and accents are replaced, and what
 * GSM-7 lacks then is refused.
 */
export type EncodingMode = 'keep' | 'smart' | 'gsm7';

export type Encoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly issue: string };

/** `ê` → `e`; a letter with an accent that GSM-7 has stays. */
const withoutAccents = (text: string): string =>
  Array.from(text, (character) =>
    septetsOf(character) === undefined
      ? character.normalize('NFD').replace(/\p{M}/gu, '')
      : character,
  ).join('');

/** `U+1F600`: names a character without repeating a piece of the text. */
export const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The text that is sent for this one. */
export function encodeText(text: string, mode: EncodingMode): Encoded {
  if (mode === 'keep' || isGsm7(text)) return { ok: true, text };
  const smart = smartEncoded(text);
  if (mode === 'smart') return { ok: true, text: isGsm7(smart) ? smart : text };
  const plain = withoutAccents(smart);
  if (isGsm7(plain)) return { ok: true, text: plain };
  const lacking = notGsm7(text).filter(
    ({ character }) => !isGsm7(withoutAccents(smartEncoded(character))),
  );
  const [first] = lacking;
  const where = first ? `: ${codePoint(first.character)} at position ${first.position}` : '';
  return { ok: false, issue: `has characters that GSM-7 lacks${where}` };
}
