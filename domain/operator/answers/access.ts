import * as z from 'zod';

/** The roles that open routes of the operator. */
export const operatorRoles = ['viewer', 'operator', 'compliance'] as const;

/** What a key may do. */
export const accessAnswer = z
  .object({
    /** The name of the key. */
    caller: z.string(),
    roles: z.array(z.enum(operatorRoles)),
    /** The tenants that it may act for; `*` for all. */
    tenants: z.union([z.literal('*'), z.array(z.string())]),
    /** The tenant that a request with this key is about; null where it has to name one. */
    tenantId: z.string().nullable(),
  })
  .meta({ id: 'Access' });
export type AccessAnswer = z.output<typeof accessAnswer>;
