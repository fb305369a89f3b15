import * as z from 'zod';
import { fromBase64, toBase64Url } from './base64.ts';
import { parseJson } from './json.ts';
import { Refused } from './refused.ts';

/** A cursor that is damaged, or was made for another query. */
export class CursorRefused extends Refused {
  constructor() {
    super(400, 'BAD_REQUEST', 'The cursor does not belong to this query.');
  }
}

const cursorSchema = z.tuple([z.string(), z.unknown()]);

/** A canonical text of a query: the same whatever the order of its keys, absent or undefined alike. */
const canonical = (query: object): string =>
  JSON.stringify(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Makes a cursor that `decodeCursor` gives back for an equal query only. Not a secret: it can be read. */
export const encodeCursor = (query: object, position: unknown): string =>
  toBase64Url(JSON.stringify([canonical(query), position]));

/** The position in a cursor, or `CursorRefused`. */
export function decodeCursor<T>(query: object, cursor: string, position: z.ZodType<T>): T {
  const raw = parseJson(fromBase64(cursor) ?? '');
  const parsed = cursorSchema.safeParse(raw);
  if (!parsed.success || parsed.data[0] !== canonical(query)) throw new CursorRefused();
  const found = position.safeParse(parsed.data[1]);
  if (!found.success) throw new CursorRefused();
  return found.data;
}
