import * as z from 'zod';
import { approvalStatuses } from '../../content/templates/template.ts';
import { time } from './fields.ts';

/** A tenant's templates, by the copy of the provider's catalogue. */
export const templatesAnswer = z
  .object({
    tenantId: z.string(),
    /** When the provider listed them; null before the first time. */
    syncedAt: time.nullable(),
    templates: z.array(
      z.object({
        sid: z.string(),
        name: z.string(),
        language: z.string(),
        type: z.string(),
        category: z.string().nullable(),
        /** WhatsApp's. */
        status: z.enum(approvalStatuses),
        reason: z.string().nullable(),
        variables: z.array(z.string()),
        text: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Templates' });
export type TemplatesAnswer = z.output<typeof templatesAnswer>;
