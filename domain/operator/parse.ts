import type * as z from 'zod';
import type { HttpRequest, Issue } from '../http.ts';
import { parseJson } from '../json.ts';
import { badRequest, Refused } from '../refused.ts';
import type { RequestSchema } from './route.ts';

/** Every field that is wrong; the first `skip` steps of a path are not part of the field's name. */
const issuesOf = (error: z.ZodError, skip: number): readonly Issue[] =>
  error.issues.flatMap((issue) => {
    const path = issue.path.slice(skip);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: [...path, key].join('.'), issue: 'is not known' }))
      : [{ field: path.join('.') || 'body', issue: issue.message }];
  });

function refuse(details: readonly Issue[]): Refused {
  const message = details.map(({ field, issue }) => `${field}: ${issue}`).join('; ');
  return new Refused(422, 'VALIDATION_ERROR', message, { details });
}

/** The value by its schema, or a 422 that names every field that is wrong. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(issuesOf(parsed.error, 0));
}

/** The JSON of a body; an empty body is an empty object. */
function readBody(body: string): unknown {
  if (body.trim() === '') return {};
  const json = parseJson(body);
  if (json === undefined) throw new Refused(400, 'MALFORMED_JSON', 'The body is not JSON.');
  return json;
}

/** The fields of the query that have a value. */
const queryOf = ({ query }: HttpRequest): Record<string, string> =>
  Object.fromEntries([...query].filter(([, value]) => value !== ''));

/**
 * The parts of a request that the schema names. A path that no id can have is answered 400, anything else
 * that is wrong 422, with every field.
 */
export function readRequest<T>(schema: RequestSchema<T>, request: HttpRequest): T {
  const parsed = schema.safeParse({
    params: request.params,
    query: queryOf(request),
    headers: request.headers,
    ...('body' in schema.shape ? { body: readBody(request.body) } : {}),
  });
  if (parsed.success) return parsed.data;
  const inPath = parsed.error.issues.find(({ path }) => path[0] === 'params');
  if (inPath !== undefined) {
    const name = String(inPath.path[1]);
    throw badRequest(`The ${name} has characters that no ${name} has.`);
  }
  throw refuse(issuesOf(parsed.error, 1));
}
