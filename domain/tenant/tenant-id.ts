import * as z from 'zod';

/** CI360 ids are hex strings; a wider but still path-, key- and secret-name-safe set is accepted. */
export const tenantIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
