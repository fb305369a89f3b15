import * as z from 'zod';
import { count, time } from './fields.ts';

/** The latest comparison of the totals with the table of deliveries. */
export const totalsCheckAnswer = z
  .object({
    /** A rebuild that has not begun. */
    requestedAt: time.nullable(),
    requestedBy: z.string().nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    result: z
      .object({
        deliveries: count,
        /** Items of totals that were compared, and those that changed too often for it. */
        compared: count,
        changing: count,
        different: count,
        repaired: count,
      })
      .nullable(),
  })
  .meta({ id: 'TotalsCheck' });
export type TotalsCheckAnswer = z.output<typeof totalsCheckAnswer>;
