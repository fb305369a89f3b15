import * as z from 'zod';
import { channels } from '../../outbound/channel.ts';
import { providerIdSchema } from '../../provider-id.ts';

const issueAnswer = z.object({ field: z.string(), issue: z.string() });

/** What a creative becomes. The texts are those of the request's samples. */
export const creativeCheckAnswer = z
  .object({
    tenantId: z.string(),
    provider: providerIdSchema,
    ok: z.boolean().describe('Whether every message of the samples could be sent'),
    messages: z.number().describe('So many messages were made: one for each sample'),
    channel: z
      .object({ value: z.enum(channels), source: z.string() })
      .nullable()
      .describe('The message of the first sample that can be sent'),
    to: z
      .object({ value: z.string(), source: z.string() })
      .nullable()
      .describe('Without its last two digits'),
    from: z.object({ value: z.string(), source: z.string() }).nullable(),
    body: z.string().nullable().describe('As it is sent'),
    mediaUrls: z.array(z.string()),
    /** As the copy of the provider's catalogue has it; null without TEMPLATE, or where there is no such template. */
    template: z
      .object({
        sid: z.string(),
        name: z.string(),
        language: z.string(),
        category: z.string().nullable(),
        status: z.string(),
        /** The text with the variables of the first sample. */
        preview: z.string().nullable(),
        variables: z.object({ given: z.number(), needed: z.number() }),
      })
      .nullable(),
    segments: z
      .object({ min: z.number(), max: z.number() })
      .nullable()
      .describe('Of SMS, over all samples'),
    encoding: z.enum(['GSM-7', 'UCS-2']).nullable(),
    /** Characters that GSM-7 lacks, with their positions from 1 in the first message that has any. */
    offendingCharacters: z.array(
      z.object({ character: z.string(), codePoint: z.string(), position: z.number() }),
    ),
    estimate: z
      .object({ min: z.number(), max: z.number(), currency: z.string() })
      .nullable()
      .describe('Of one message, by `price_table`'),
    errors: z.array(issueAnswer),
    warnings: z.array(issueAnswer),
  })
  .meta({ id: 'CreativeCheck' });
export type CreativeCheckAnswer = z.output<typeof creativeCheckAnswer>;
