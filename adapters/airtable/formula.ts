/** Characters that Airtable's formula language cannot hold in a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u001f\u007f]/g;

/** A text in a formula, quoted so that nothing in it is read as a formula. */
export const formulaText = (value: string): string =>
  `'${value.replace(controls, ' ').replace(/[\\']/g, (c) => `\\${c}`)}'`;

/** Records changed after a time (ms since 1970). */
export const changedSince = (since: number): string =>
  `IS_AFTER(LAST_MODIFIED_TIME(), ${formulaText(new Date(since).toISOString())})`;
