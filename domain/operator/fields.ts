import * as z from 'zod';
import { selectionSchema, selectionShape } from '../replay/selection.ts';
import { checkTenant, tenantOf } from './caller.ts';
import { parse } from './parse.ts';
import type { Call } from './route.ts';

/** A guid of CI360's, a key of an external event, or either behind its tenant; nothing else. */
export const guidField = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:#-]{0,255}$/);
export const replayIdField = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);
/** The tenant; a key for one tenant need not name it. */
export const tenantField = selectionShape.tenantId.optional();
/** Continues a list. Made by the service, so only its size is checked here. */
export const cursorField = z.string().min(1).max(4096).optional();

const MAX_LIMIT = 500;
const limitIssue = `is a whole number from 1 to ${MAX_LIMIT}`;
/** How many items to return at once. */
export const limitField = z.coerce
  .number(limitIssue)
  .int(limitIssue)
  .min(1, limitIssue)
  .max(MAX_LIMIT, limitIssue);

/** The fields that select failed requests. */
export const selectionFields = { ...selectionShape, tenantId: tenantField };

/** The tenant that a request is about, once it is known that the caller may act for it. */
export async function checkedTenant(named: string | undefined, { caller, deps }: Call) {
  const tenantId = tenantOf(caller, named);
  await checkTenant(caller, tenantId, deps);
  return tenantId;
}

/** The selection that the fields make, with its tenant checked. */
export async function selectionOf(
  fields: { readonly tenantId?: string | undefined },
  { caller, deps }: Call,
) {
  const selection = parse(selectionSchema, {
    ...fields,
    tenantId: tenantOf(caller, fields.tenantId),
  });
  await checkTenant(caller, selection.tenantId, deps);
  return selection;
}
