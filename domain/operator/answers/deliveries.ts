import * as z from 'zod';
import { deliveryStatuses, holdReasons } from '../../delivery/delivery.ts';
import { failureSchema } from '../../failure.ts';
import { channels } from '../../outbound/channel.ts';
import { providerIds } from '../../provider-id.ts';
import { count, time } from './fields.ts';

/** A delivery. It holds no text and no number of the recipient. */
export const deliveryAnswer = z
  .object({
    guid: z.string(),
    tenantId: z.string(),
    status: z.enum(deliveryStatuses),
    provider: z.enum(providerIds),
    channel: z.enum(channels),
    taskId: z.string(),
    caller: z.string().nullable().describe('Name of the key that posted the event'),
    providerMessageId: z.string().nullable(),
    encoding: z
      .enum(['GSM-7', 'UCS-2'])
      .nullable()
      .describe('Of an SMS: how it is encoded, and in how many segments it is billed'),
    segments: z.number().int().positive().nullable(),
    attempts: count,
    replays: count,
    replayId: z.string().nullable(),
    heldUntil: time.nullable().describe('A worker has it until then'),
    held: z
      .object({ reason: z.enum(holdReasons), since: time, until: time })
      .nullable()
      .describe('Set while it waits on purpose: why, since when, and until when at the latest'),
    inDoubt: z
      .object({ from: time, to: time })
      .nullable()
      .describe('An attempt between these times may have been accepted'),
    lastError: failureSchema.nullable(),
    next: z
      .object({ what: z.string(), at: time.nullable() })
      .nullable()
      .describe('What happens without anyone doing anything, and when at the earliest'),
    reports: z
      .array(z.object({ status: z.string(), reported: z.boolean() }))
      .describe('The provider’s statuses that are reported to CI360, and whether it has them'),
    sentAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery' });
export type DeliveryAnswer = z.output<typeof deliveryAnswer>;
