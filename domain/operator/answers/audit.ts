import * as z from 'zod';
import { auditEntrySchema } from '../audit.ts';
import { cursor, time } from './fields.ts';

/** Who did what, the latest first. */
export const auditAnswer = z
  .object({
    items: z.array(
      auditEntrySchema.omit({ entryId: true, at: true }).extend({
        at: time,
        isFinished: z
          .boolean()
          .describe(
            'False while the action runs, or when its function died before it could say how it ended',
          ),
      }),
    ),
    cursor,
  })
  .meta({ id: 'Audit' });
export type AuditAnswer = z.output<typeof auditAnswer>;
