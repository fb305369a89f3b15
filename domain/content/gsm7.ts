/** The GSM-7 alphabet. https://www.3gpp.org/DynaReport/23038.htm */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Its extension: each takes an escape as well. */
const extension = '\f^{}\\[~]|€';

const septets: ReadonlyMap<string, number> = new Map([
  ...[...basic].map((character) => [character, 1] as const),
  ...[...extension].map((character) => [character, 2] as const),
]);

/** Septets that a character takes in GSM-7, or undefined where the alphabet lacks it. */
export const septetsOf = (character: string): number | undefined => septets.get(character);

export function isGsm7(text: string): boolean {
  for (const character of text) if (!septets.has(character)) return false;
  return true;
}

/** A character that makes an SMS cost more, and where it is: from 1, counted in characters. */
export type Offending = { readonly character: string; readonly position: number };

export const notGsm7 = (text: string): readonly Offending[] =>
  [...text].flatMap((character, at) =>
    septets.has(character) ? [] : [{ character, position: at + 1 }],
  );
