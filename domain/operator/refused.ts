import type * as z from 'zod';
import type { Issue } from '../http.ts';
import { parseJson } from '../json.ts';

/** A request that is answered with an error; thrown from anywhere below a route. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly Issue[];
  constructor(status: number, code: string, message: string, details: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const notFound = (what: string) => new Refused(404, 'NOT_FOUND', what);
export const conflict = (why: string) => new Refused(409, 'CONFLICT', why);
export const badRequest = (why: string) => new Refused(400, 'BAD_REQUEST', why);
export const invalid = (field: string, issue: string) =>
  new Refused(422, 'VALIDATION_ERROR', `${field} ${issue}`, [{ field, issue }]);

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
  throw new Refused(422, 'VALIDATION_ERROR', message, details);
}

/** A JSON object in a body; an empty body is an empty object. */
export function readBody(body: string): unknown {
  if (body.trim() === '') return {};
  const json = parseJson(body);
  if (json === undefined) throw new Refused(400, 'MALFORMED_JSON', 'The body is not JSON.');
  return json;
}
