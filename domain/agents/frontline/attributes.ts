import * as z from 'zod';
import { parseJson } from '../../json.ts';

const schema = z.record(z.string(), z.unknown());

/** Reads the attributes of a conversation or participant, a JSON object as text. Anything else counts as empty. */
function readAttributes(text: string | null | undefined): Record<string, unknown> {
  return schema.safeParse(parseJson(text || '{}')).data ?? {};
}

/** The attributes with some added, the others unchanged; undefined if nothing changes. */
export function mergeAttributes(
  text: string | null | undefined,
  added: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const before = readAttributes(text);
  const changed = Object.entries(added).filter(
    ([name, value]) => value !== undefined && before[name] !== value,
  );
  return changed.length === 0
    ? undefined
    : JSON.stringify({ ...before, ...Object.fromEntries(changed) });
}
