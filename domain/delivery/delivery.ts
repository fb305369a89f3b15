import * as z from 'zod';
import { DAY, SECOND } from '../clock.ts';
import { failureSchema } from '../failure.ts';
import { channels } from '../outbound/channel.ts';
import { providerIdSchema } from '../provider-id.ts';

/**
 * What became of one message request. `sending` also covers waiting for the next attempt; `held` waits
 * on purpose, outside the queue. The statuses that a provider reports are ordered, see `status-rank.ts`.
 */
export const deliveryStatuses = [
  'sending',
  'unknown',
  'held',
  'failed',
  'expired',
  'sent',
  'canceled',
  'undelivered',
  'delivered',
  'read',
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/**
 * Why a message is held: its campaign is on hold, the hours for its category are over, it is scheduled
 * for later, a daily limit is reached, or its sender is busy for longer than a queue can wait.
 */
export const holdReasons = ['hold', 'window', 'schedule', 'budget', 'pace'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Why and how long a message is held. Times in ms since 1970. */
export const holdSchema = z.object({
  reason: z.enum(holdReasons),
  since: z.number(),
  /** When it is looked at again at the latest. */
  until: z.number(),
});
export type Hold = z.infer<typeof holdSchema>;

/** What an attempt sends, as far as a look-up needs to know it. Fingerprints are made in `tried.ts`. */
const triedSchema = z.object({
  /** The sender as it was sent: the business's own number, name or Messaging Service. */
  sender: z.string(),
  /** A fingerprint of the text and the number of media. */
  content: z.string(),
  /** How an SMS is coded, and in how many segments it is billed. */
  encoding: z.enum(['GSM-7', 'UCS-2']).optional(),
  segments: z.number().int().positive().optional(),
});

/** The record of one message request. The store compares `version` and swaps the whole record. */
export const deliverySchema = z.object({
  /** `{tenantId}#{guid}` */
  deliveryId: z.string(),
  tenantId: z.string(),
  guid: z.string(),
  /**
   * These four say what the attempt that runs or is in doubt sends, else what the latest one sent.
   * They change only while nothing is in doubt. Absent in deliveries of older versions.
   */
  provider: providerIdSchema,
  channel: z.enum(channels),
  /** A fingerprint that several hundred numbers share. */
  recipient: z.string().optional(),
  tried: triedSchema.optional(),
  /** A keyed hash of the recipient's address, for search; absent while `message_search` is off. */
  addressHash: z.string().optional(),
  /** What happened, in brief: see `history.ts`. */
  history: z.string().optional(),
  /** Country of the recipient's number. */
  country: z.string().optional(),
  taskId: z.string(),
  /** What an external event needs and a provider's word about the message may not carry. */
  identityId: z.string(),
  externalCode: z.string(),
  responseTrackingCode: z.string(),
  /** Name of the key that posted the event. */
  caller: z.string().max(64).optional(),
  status: z.enum(deliveryStatuses),
  /** Counts changes from 1; a write names the version that it read. */
  version: z.number().int().positive(),
  /** Attempts that spent budget (`max_attempts`); being throttled, claimed elsewhere or in doubt spends none. */
  attempts: z.number().int().nonnegative(),
  /** The highest replay that has claimed it; 0 before any. */
  replayNo: z.number().int().nonnegative(),
  replayId: z.string().optional(),
  /**
   * Held by one worker while it works on the message. `until` in ms since 1970. While there is a doubt
   * as well, the worker only asks about it; it clears the doubt before it sends.
   */
  lease: z.object({ token: z.string(), since: z.number(), until: z.number() }).optional(),
  /** Set while the provider may have accepted an attempt: when the doubtful attempts began and ended, ms since 1970. */
  doubt: z.object({ from: z.number(), to: z.number() }).optional(),
  /** When its record comes back from the queue for the next attempt, ms since 1970; set while it waits. */
  nextTryAt: z.number().optional(),
  /** Set while the message is held. */
  held: holdSchema.optional(),
  /** How long it was held before, ms. `event_ttl` does not count this time, `hold_max` does. */
  heldForMs: z.number().nonnegative().optional(),
  providerMessageId: z.string().optional(),
  /** The provider's message that this delivery is about to claim as its own, see `ownership.ts`. */
  claiming: z.string().optional(),
  lastError: failureSchema.optional(),
  /**
   * By status word: `reported` once CI360 has it; before that the time (ms since 1970) until which it
   * is left to whoever is reporting it now, or waits for its next try.
   */
  reports: z.record(z.string(), z.union([z.literal('reported'), z.number()])).optional(),
  /** When the provider was asked what became of it, ms since 1970; it is asked once (see feedback/reconcile). */
  reconciledAt: z.number().optional(),
  /** When ingress accepted the event, ms since 1970. Absent in deliveries of older versions. */
  acceptedAt: z.number().optional(),
  /** When it became known that the provider has the message, ms since 1970. */
  sentAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Seconds since 1970 after which the table may drop it: `delivery_ttl` after the latest claim, see also `keptForReplay`. */
  expireTs: z.number(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** As long as a queue keeps a record, a failed request can be on its way to its table. */
const LONGEST_WAY = (14 * DAY) / SECOND;

/**
 * A failed delivery that outlives its failed request (`failed_request_ttl`): a replay of a message in
 * doubt must find the doubt, or it would send blindly.
 */
export const keptForReplay = (
  delivery: Delivery,
  now: number,
  failedRequestTtlSeconds: number,
): Delivery => ({
  ...delivery,
  expireTs: Math.max(
    delivery.expireTs,
    Math.ceil(now / SECOND) + failedRequestTtlSeconds + LONGEST_WAY,
  ),
});
