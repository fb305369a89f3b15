import * as z from 'zod';
import { channels } from '../outbound/channel.ts';
import { guidSchema } from '../outbound/message-request.ts';
import { providerIdSchema } from '../provider-id.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';

/** A provider's id of a message. As narrow as a key needs it, as wide as providers make it. */
export const providerMessageIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);

/**
 * An address as a provider names a person: a number, a short code, an id or a name. Keys of tables are
 * made of it, so a webhook takes none that a key cannot hold.
 */
export const personAddressSchema = z.string().regex(/^[^\p{Cc}]{1,128}$/u);

/** A provider's error code: a number, or a word. */
export const errorCodeSchema = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/);

const common = {
  /** Version of this shape. Readers refuse others, so a roll-back never misreads a queue. */
  v: z.literal(1),
  /** Names it permanently: the `guid` of the failed request that it becomes when CI360 does not take it. */
  key: guidSchema,
  tenantId: tenantIdSchema,
  provider: providerIdSchema,
  channel: z.enum(channels),
  providerMessageId: providerMessageIdSchema,
  /** When the webhook took it, ms since 1970. */
  receivedAt: z.number(),
  /** Set by a replay, as in a message request. */
  replay: z.object({ id: z.string(), no: z.number().int().positive() }).optional(),
} as const;

/** A provider's word about a message of ours. */
const statusUpdateSchema = z.object({
  ...common,
  kind: z.literal('status'),
  /** The provider's own word: `delivered`, `DELIVERED`, … */
  word: z.string(),
  /** The delivery's guid; for a message that another connector sent, one made of the provider's id. */
  guid: guidSchema,
  identityId: z.string(),
  externalCode: z.string(),
  /** Empty where the callback has no room for it: then the delivery gives it. */
  responseTrackingCode: z.string(),
  errorCode: z.string().optional(),
  /** The provider's own text, for codes that our tables do not have. May name a number: never logged. */
  errorText: z.string().optional(),
  /** The recipient, without a channel prefix; needed only to record an opt-out. */
  address: z.string().optional(),
});
export type StatusUpdate = z.infer<typeof statusUpdateSchema>;

/** What a person wrote to us. */
const replySchema = z.object({
  ...common,
  kind: z.literal('reply'),
  /** Whether the route named the tenant. If not, the person's own tenant may be found instead. */
  tenantFrom: z.enum(['route', 'default']),
  /** Without a channel prefix. */
  from: z.string().min(1),
  to: z.string(),
  body: z.string(),
  optOut: z.enum(['STOP', 'START', 'HELP']).optional(),
  /** It was read from a longer text that contains a keyword, so someone should look at it. */
  isPhrase: z.literal(true).optional(),
  /** The tenant for which the webhook itself has recorded the STOP or START. */
  recordedFor: tenantIdSchema.optional(),
  /** Further attributes of the event, in the names that CI360 is to see. */
  attributes: z.record(z.string(), z.string()),
});
export type Reply = z.infer<typeof replySchema>;

/**
 * What webhooks put on the ci360-events queue, and what a failed request of kind `external-event`
 * keeps as its `event_body` so that it can be replayed.
 */
export const externalEventRequestSchema = z.discriminatedUnion('kind', [
  statusUpdateSchema,
  replySchema,
]);
export type ExternalEventRequest = z.infer<typeof externalEventRequestSchema>;

/** `{provider}:{its message id}:delivered` */
export const statusKey = (update: Pick<StatusUpdate, 'provider' | 'providerMessageId' | 'word'>) =>
  `${update.provider}:${update.providerMessageId}:${update.word}`;

/** `{provider}:{its message id}:reply` */
export const replyKey = (reply: Pick<Reply, 'provider' | 'providerMessageId'>) =>
  `${reply.provider}:${reply.providerMessageId}:reply`;
