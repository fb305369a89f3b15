/*
 * SCG renders every body as a Velocity template. What came from a customer's data cannot be told from what
 * the author wrote, so `#set(…)` or `$name` in a first name would change or break the message.
 * https://velocity.apache.org/engine/1.7/user-guide.html
 */

/** What is done about directives and references in a body, `scg_directives`. */
export type Directives = 'escape' | 'author' | 'refuse';

/** Counts clicks on a link; the only directive that passes. Its URL is literal: nothing in it is rendered. */
const TRACK = /((?<!\\)#track\("https?:\/\/[^"#$\\\s]*"\))/;

/** `#` and `$` mean nothing to Velocity before a digit, a blank and the end, but behind a backslash. */
const MEANINGFUL = /\\[#$]|[#$](?![\d\s]|$)/;

/** Each `#` and `$`, with the backslashes before it, which Velocity would read too. */
const MARKS = /\\*[#$]/g;

/** Texts at even places, `#track(…)` at odd ones. */
const partsOf = (body: string): readonly string[] => body.split(TRACK);
const isText = (_part: string, at: number): boolean => at % 2 === 0;

/** Whether SCG would render anything of this body but `#track(…)`. */
export const hasDirectives = (body: string): boolean =>
  partsOf(body)
    .filter(isText)
    .some((text) => MEANINGFUL.test(text));

/**
 * The body that SCG renders to this one. Each mark is put into a variable first: what a variable holds is
 * not rendered again, and a text in single quotes is taken as it is. Needs no tool of SCG's.
 */
export function escapeDirectives(body: string): string {
  if (!hasDirectives(body)) return body;
  const parts = partsOf(body);
  const marks = [...new Set(parts.filter(isText).flatMap((text) => text.match(MARKS) ?? []))];
  const definitions = marks.map((mark, no) => `#set($m${no}='${mark}')`).join('');
  const escaped = (text: string) => text.replace(MARKS, (mark) => `\${m${marks.indexOf(mark)}}`);
  return definitions + parts.map((part, at) => (isText(part, at) ? escaped(part) : part)).join('');
}
