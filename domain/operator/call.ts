import * as z from 'zod';
import type { Caller } from '../access/access-keys.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { badRequest } from '../refused.ts';
import { selectionSchema, selectionShape } from '../replay/selection.ts';
import { checkTenant, tenantOf } from './caller.ts';
import type { OperatorDeps } from './deps.ts';
import { parse } from './parse.ts';

/** One request by an operator whose key was good. */
export type Call = {
  readonly request: HttpRequest;
  readonly caller: Caller;
  readonly deps: OperatorDeps;
};
/** Answers a call; what it refuses it throws as `Refused`. */
export type Route = (call: Call) => Promise<HttpAnswer>;

export const ok = (body: object): HttpAnswer => ({ status: 200, body });

/** A guid of CI360's, a key of an external event, or either behind its tenant; nothing else. */
export const guidSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:#-]{0,255}$/);
export const replayIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);
const MAX_LIMIT = 500;
const limitIssue = `is a whole number from 1 to ${MAX_LIMIT}`;
/** How many are asked for at once. */
export const limitSchema = z.coerce
  .number(limitIssue)
  .int(limitIssue)
  .min(1, limitIssue)
  .max(MAX_LIMIT, limitIssue);
/** Where a list goes on; made by the service, so only its size is looked at here. */
export const cursorSchema = z.string().min(1).max(4096);

/** An id from the path. */
export function pathId(
  request: HttpRequest,
  name: 'guid' | 'id',
  schema: z.ZodType<string>,
): string {
  const parsed = schema.safeParse(request.params[name]);
  if (!parsed.success) throw badRequest(`The ${name} has characters that no ${name} has.`);
  return parsed.data;
}

/** The selection and whatever else a route takes, its tenant checked. */
export async function selectionOf(fields: Record<string, unknown>, { caller, deps }: Call) {
  const named = parse(z.object({ tenantId: selectionShape.tenantId.optional() }), fields);
  const selection = parse(selectionSchema, {
    ...fields,
    tenantId: tenantOf(caller, named.tenantId),
  });
  await checkTenant(caller, selection.tenantId, deps);
  return selection;
}

/** The fields of the query that have a value. */
export const queryFields = (request: HttpRequest): Record<string, string> =>
  Object.fromEntries([...request.query].filter(([, value]) => value !== ''));
