import * as z from 'zod';
import { time } from './fields.ts';

/** Whether and why campaigns do not write to a person. */
export const optOutAnswer = z
  .object({
    tenantId: z.string(),
    /** Masked: the last two digits of the number. */
    address: z.string(),
    optedOut: z.boolean(),
    /** The latest STOP or START, the person's own or entered for them. */
    word: z
      .object({
        status: z.enum(['opted-out', 'opted-in']),
        at: time,
        source: z.string(),
        messageId: z.string().optional(),
      })
      .nullable(),
    /** A provider's refusal to write to the person. */
    refusal: z.object({ at: time, source: z.string(), countsUntil: time.nullable() }).nullable(),
    advice: z.string(),
  })
  .meta({ id: 'OptOut' });
export type OptOutAnswer = z.output<typeof optOutAnswer>;
