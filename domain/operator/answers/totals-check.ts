import * as z from 'zod';
import { count, time } from './fields.ts';

/** The latest comparison of the totals with the table of deliveries. */
export const totalsCheckAnswer = z
  .object({
    requestedAt: time.nullable().describe('A rebuild that has not begun'),
    requestedBy: z.string().nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    result: z
      .object({
        deliveries: count,
        compared: count.describe(
          'Items of totals that were compared, and those that changed too often for it',
        ),
        changing: count,
        different: count,
        repaired: count,
      })
      .nullable(),
  })
  .meta({ id: 'TotalsCheck' });
export type TotalsCheckAnswer = z.output<typeof totalsCheckAnswer>;
