/** The fields of a creative, in the words of its author. */
export const fields = [
  'TO',
  'FROM',
  'CHANNEL',
  'MEDIA_URLS',
  'TEMPLATE',
  'LANGUAGE',
  'PRIORITY',
  'CATEGORY',
  'TIMEZONE',
  'SEND_AT',
  'SEND_BY',
] as const;
/** `VAR_1` is the template's variable `1`; upper and lower case differ in the names of variables. */
type VariableField = `VAR_${string}`;
export type Field = (typeof fields)[number] | VariableField;

/** Ends the header: what follows is the message, whatever it looks like. */
export const BODY = 'BODY';

/** The words before the colon. MEDIAL_URLS is how the SAS connector's manual spells it. */
const fieldByKey: ReadonlyMap<string, Field> = new Map([
  ...fields.map((field) => [field, field] as const),
  ['MEDIAL_URLS', 'MEDIA_URLS'],
]);

const VARIABLE = /^VAR_(\w+)$/i;

/** `VAR_name` → `name`; undefined for other fields. */
export const variableOf = (field: string): string | undefined => VARIABLE.exec(field)?.[1];

export function fieldOf(key: string): Field | undefined {
  const variable = variableOf(key);
  return variable === undefined ? fieldByKey.get(key.toUpperCase()) : `VAR_${variable}`;
}

/**
 * What to do with a word before a colon that is no field, `creative_unknown_fields`. `near`: refuse
 * what is probably a misspelt field. `refuse`: refuse all. `text`: the message begins there.
 */
export type UnknownFields = 'near' | 'refuse' | 'text';

/** Insertions, deletions, substitutions and swaps of neighbours that make one word the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** Names of four letters are close to many ordinary words: they count in capitals and with one edit. */
const SHORT_NAME = 4;
const known = [...fieldByKey.keys(), BODY].filter((name) => name.length >= SHORT_NAME);

function probablyMeant(written: string, key: string): string | undefined {
  const inCapitals = written === written.toUpperCase();
  return known.find((name) => {
    const isShort = name.length <= SHORT_NAME;
    if ((isShort || written.includes(' ')) && !inCapitals) return false;
    const edits = isShort ? 1 : 2;
    return Math.abs(name.length - key.length) <= edits && editDistance(name, key) <= edits;
  });
}

const variableIssue = (place: Place): string =>
  place === 'json'
    ? 'is written as "variables": {…} in JSON'
    : 'is no field: the name of a variable has letters, digits and underscores only';

/** In a text, or as a key of a JSON object, where no ordinary word can stand. */
export type Place = 'text' | 'json';

/**
 * Why a word that is no field is refused, or undefined where it is not: `CHANEL`, `FORM`,
 * `CONTENT_SID` and `MEDIA-URLS` are, `Reminder` and `Note` are not.
 */
export function unknownFieldIssue(
  written: string,
  place: Place,
  unknownFields: UnknownFields,
): { readonly field: string; readonly issue: string } | undefined {
  const key = written.toUpperCase().replace(/[ -]/g, '_');
  const field = key.slice(0, 64);
  const hint = place === 'text' ? '; a message that begins with it needs BODY: before it' : '';
  if (key.startsWith('VAR_')) return { field, issue: variableIssue(place) };
  if (unknownFields === 'text') return undefined;
  const meant = probablyMeant(place === 'json' ? key : written, key);
  if (meant !== undefined) {
    return {
      field,
      issue: `is no field; did you mean ${meant}?${hint.replace(';', ' Otherwise')}`,
    };
  }
  const looksLikeField = place === 'json' || written === written.toUpperCase();
  if (looksLikeField && /^[A-Z0-9]+(_[A-Z0-9]+)+$/.test(key) && !written.includes(' ')) {
    return { field, issue: `is no field${hint}` };
  }
  if (unknownFields === 'near' || written.includes(' ')) return undefined;
  // The word may be someone's name, so it is not repeated: refusals are logged.
  return place === 'text'
    ? { field: 'body', issue: 'begins with a word that is no field; write BODY: before it' }
    : { field: 'impression.creativeContent', issue: 'has a key that is no field' };
}
