import * as z from 'zod';
import { time } from './fields.ts';

/** Whether and why campaigns do not write to a person. */
export const optOutAnswer = z
  .object({
    tenantId: z.string(),
    address: z.string().describe('Masked: the last two digits of the number'),
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
    refusal: z
      .object({ at: time, source: z.string(), countsUntil: time.nullable() })
      .nullable()
      .describe("A provider's refusal to write to the person"),
    advice: z.string(),
  })
  .meta({ id: 'OptOut' });
export type OptOutAnswer = z.output<typeof optOutAnswer>;
