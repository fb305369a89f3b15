import * as z from 'zod';

type Given = Readonly<Record<string, unknown>>;

/** Lower-case variables that belong to others: package managers and proxies. */
const foreign = /^(npm_|.*_proxy$)/;
const ours = /^[a-z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)+$/;

/** A whole number, with the range in the sentence that refuses another. */
export const whole = (min = 0, max = Number.MAX_SAFE_INTEGER) => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `is a whole number ${range}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

/** The value without the white space around it; undefined when nothing is left, which counts as not set. */
export const givenText = (raw: unknown): string | undefined =>
  raw === undefined || raw === null ? undefined : String(raw).trim() || undefined;

/** One setting by its schema, or the sentence that says what is wrong with it; never its value. */
export function readSetting(
  key: string,
  shape: z.ZodType,
  raw: unknown,
): { readonly value: unknown } | { readonly problem: string } {
  const text = givenText(raw);
  const read = shape.safeParse(text);
  if (read.success) return { value: read.data };
  const [issue] = read.error.issues;
  const path = [key, ...(issue?.path ?? [])].join('.');
  return { problem: text === undefined ? `${key} is not set` : `${path}: ${issue?.message}` };
}

/** A sentence for each key that has a value, looks like a setting and is not among `known`. */
export const unknownSettings = (given: Given, known: Given): string[] =>
  Object.entries(given)
    .filter(([key, value]) => givenText(value) !== undefined && ours.test(key))
    .filter(([key]) => !foreign.test(key) && !Object.hasOwn(known, key))
    .map(([key]) => notASetting(key, Object.keys(known)));

/** `event_tll is not a setting; did you mean event_ttl?` */
export function notASetting(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `${key} is not a setting${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** The name that was probably meant by `key`: one letter in four may differ. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, edits: edits(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(2, key.length / 4) ? best.name : undefined;
}

/** Sentences as one text: each ends with its own mark or a full stop. */
export const asText = (sentences: readonly string[], between = ' '): string =>
  sentences.map((each) => (each.endsWith('?') ? each : `${each}.`)).join(between);

/** Letters to insert, drop or replace to make one word of the other; two neighbours swapped count as two. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
