/**
 * A text as keywords are compared: compatibility forms folded (ＳＴＯＰ), accents and case off, what cannot
 * be seen and apostrophes removed, everything else that is no letter or digit (punctuation, hyphens,
 * emoji, line breaks) as one blank.
 */
export const normalise = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]|[\u064b-\u0652]|[\ufe00-\ufe0f]|\u20e3/gu, '')
    .replace(/[\p{Cf}'’‘`´]/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** The same without blanks, so that `opt out`, `OPT-OUT` and `optout` are one keyword. */
export const keyOf = (text: string): string => normalise(text).replaceAll(' ', '');
