import * as z from 'zod';

/** A time in UTC, ISO 8601. */
export const time = z.iso.datetime();
/** How many. */
export const count = z.number().int().nonnegative();
export const cursor = z
  .string()
  .optional()
  .describe('Present when there is more: pass it back with the same query to continue');
