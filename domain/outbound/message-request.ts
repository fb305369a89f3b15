import * as z from 'zod';
import { providerIdSchema } from '../provider-id.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import { channels } from './channel.ts';

export const guidSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);

/** Content approved at the provider, and what is put into it. */
const templateSchema = z.object({
  /** Its id (`HX…`) or its name. */
  template: z.string().min(1),
  /** Which of the templates of that name. */
  language: z.string().optional(),
  /** Values by the names of the template's placeholders. */
  variables: z.record(z.string(), z.string()),
  /** What the person reads, once the catalogue has said it. Never on a queue. */
  text: z.string().optional(),
});

/**
 * One normalised message to one recipient: what ingress puts on the outbound queue, what the worker
 * sends, and what a failed request keeps as its `event_body` so that it can be replayed.
 */
export const messageRequestSchema = z.object({
  /**
   * Version of this shape. Readers refuse others, so a roll-back never misreads a queue. 2 has a template,
   * which readers of 1 would leave out.
   */
  v: z.union([z.literal(1), z.literal(2)]),
  /** CI360's id of the event. With the tenant it names the delivery. */
  guid: guidSchema,
  tenantId: tenantIdSchema,
  provider: providerIdSchema,
  channel: z.enum(channels),
  /** E.164 for phone channels, otherwise the provider's own address, never with a channel prefix of ours. */
  to: z.string().min(1),
  from: z.string().min(1),
  /** Country of the recipient's number, for totals; absent for other addresses and in requests of older versions. */
  country: z.string().max(8).optional(),
  /** Where the sender came from. Only a sender named in the creative survives a change of settings before a replay. */
  fromSource: z.enum(['creative', 'demo', 'default']),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  /** Sent in place of the body, or on WhatsApp to people who have not written for 24 hours. */
  template: templateSchema.optional(),
  /** CI360's `identityId`, called `datahub_id` in external events. */
  identityId: z.string(),
  /** The task's code (`TSK_202`); empty where the event carries none. */
  externalCode: z.string(),
  responseTrackingCode: z.string(),
  taskId: z.string(),
  eventName: z.string(),
  /** `high`: it has a queue of its own, so that it never waits behind a campaign. */
  priority: z.literal('high').optional(),
  /** What the creative says of its kind, in lower case: hours of sending depend on it. */
  category: z.string().optional(),
  /** The time zone of the recipient, where the creative names it. */
  timezone: z.string().optional(),
  /** Not sent before this time, and not after that; ms since 1970. */
  sendAt: z.number().optional(),
  sendBy: z.number().optional(),
  /** When CI360 generated the event, ms since 1970. `event_ttl` counts from here. */
  generatedAt: z.number(),
  /** When ingress accepted it, ms since 1970. */
  acceptedAt: z.number(),
  /** Name of the key that posted it, for the operator. Absent from requests accepted before it was kept. */
  caller: z.string().max(64).optional(),
  /**
   * The message answers a person's STOP or HELP. CI360 did not send it, so it carries no identity. The
   * answer to a STOP is sent only while that person is opted out, every other message only while not.
   */
  answers: z.enum(['STOP', 'HELP']).optional(),
  /** Set by a replay. `no` counts this request's replays from 1, so a late copy of an earlier one is recognised. */
  replay: z
    .object({
      id: z.string(),
      no: z.number().int().positive(),
      ignoreTtl: z.boolean(),
      /** Sent even if the provider can neither confirm nor deny that it has the message. */
      sendInDoubt: z.boolean().optional(),
      /** Sent outside the hours of its category too. */
      ignoreWindow: z.boolean().optional(),
      /** When an operator started it, ms since 1970. Absent in records of older versions. */
      startedAt: z.number().optional(),
    })
    .optional(),
});

export type MessageRequest = z.infer<typeof messageRequestSchema>;

/** The key of a delivery: `{tenantId}#{guid}`. */
export const deliveryIdOf = (request: Pick<MessageRequest, 'tenantId' | 'guid'>): string =>
  `${request.tenantId}#${request.guid}`;
