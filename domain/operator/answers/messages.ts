import * as z from 'zod';
import { deliveryAnswer } from './deliveries.ts';
import { failedRequestAnswer } from './failed-requests.ts';
import { cursor, time } from './fields.ts';

/** A message as a search lists it. It holds no text and no number. */
export const foundMessageAnswer = z
  .object({
    guid: z.string(),
    tenantId: z.string(),
    taskId: z.string(),
    externalCode: z.string(),
    identityId: z.string(),
    status: z.string(),
    provider: z.string(),
    channel: z.string(),
    providerMessageId: z.string().nullable(),
    error: z.object({ class: z.string(), code: z.string() }).nullable(),
    createdAt: time,
    sentAt: time.nullable(),
  })
  .meta({ id: 'FoundMessage' });
export type FoundMessageAnswer = z.output<typeof foundMessageAnswer>;

export const foundMessagesAnswer = z
  .object({
    items: z.array(foundMessageAnswer),
    cursor,
    /** Messages older than this are not found: their records are not kept (`delivery_ttl`). */
    keptSince: time,
  })
  .meta({ id: 'FoundMessages' });
export type FoundMessagesAnswer = z.output<typeof foundMessagesAnswer>;

export const messageStoryAnswer = z
  .object({
    message: deliveryAnswer,
    failedRequest: failedRequestAnswer.nullable(),
    /** What happened, in the order of time. */
    story: z.array(
      z.object({
        at: time,
        what: z.string(),
        /** A code, a status or a reason; empty where there is none. */
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'MessageStory' });
export type MessageStoryAnswer = z.output<typeof messageStoryAnswer>;
