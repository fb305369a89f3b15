import type * as z from 'zod';
import { parseJson } from '../json.ts';
import { Refused } from '../refused.ts';

/** The value by its schema, or a 422 that names every field that is wrong. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), issue: 'is not known' }))
      : [{ field: issue.path.join('.') || 'body', issue: issue.message }],
  );
  const message = details.map(({ field, issue }) => `${field}: ${issue}`).join('; ');
  throw new Refused(422, 'VALIDATION_ERROR', message, { details });
}

/** A JSON object in a body; an empty body is an empty object. */
export function readBody(body: string): unknown {
  if (body.trim() === '') return {};
  const json = parseJson(body);
  if (json === undefined) throw new Refused(400, 'MALFORMED_JSON', 'The body is not JSON.');
  return json;
}
