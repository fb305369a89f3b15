import * as z from 'zod';
import { channels } from '../../outbound/channel.ts';
import { providerIdSchema } from '../../provider-id.ts';

const issueAnswer = z.object({ field: z.string(), issue: z.string() });

/** What a creative becomes. The texts are those of the request's samples. */
export const creativeCheckAnswer = z
  .object({
    tenantId: z.string(),
    provider: providerIdSchema,
    /** Whether every message of the samples could be sent. */
    ok: z.boolean(),
    /** So many messages were made: one for each sample. */
    messages: z.number(),
    /** The message of the first sample that can be sent. */
    channel: z.object({ value: z.enum(channels), source: z.string() }).nullable(),
    /** Without its last two digits. */
    to: z.object({ value: z.string(), source: z.string() }).nullable(),
    from: z.object({ value: z.string(), source: z.string() }).nullable(),
    /** As it is sent. */
    body: z.string().nullable(),
    mediaUrls: z.array(z.string()),
    /** Of SMS, over all samples. */
    segments: z.object({ min: z.number(), max: z.number() }).nullable(),
    encoding: z.enum(['GSM-7', 'UCS-2']).nullable(),
    /** Characters that GSM-7 lacks, with their positions from 1 in the first message that has any. */
    offendingCharacters: z.array(
      z.object({ character: z.string(), codePoint: z.string(), position: z.number() }),
    ),
    /** Of one message, by `price_table`. */
    estimate: z.object({ min: z.number(), max: z.number(), currency: z.string() }).nullable(),
    errors: z.array(issueAnswer),
    warnings: z.array(issueAnswer),
  })
  .meta({ id: 'CreativeCheck' });
export type CreativeCheckAnswer = z.output<typeof creativeCheckAnswer>;
