/** A merge tag of CI360 that a text still holds: `{{firstname}}`. */
const TAG = /\{\{[^{}\r\n]{1,128}\}\}/g;

/** The merge tags that CI360 did not replace, each once. */
export const unmergedTags = (text: string): readonly string[] => [
  ...new Set(text.match(TAG) ?? []),
];
