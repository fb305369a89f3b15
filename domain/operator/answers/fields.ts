import * as z from 'zod';

/** A time in UTC, ISO 8601. */
export const time = z.iso.datetime();
/** How many. */
export const count = z.number().int().nonnegative();
/** Present when there is more: pass it back, with the same query, to go on. */
export const cursor = z.string().optional();
