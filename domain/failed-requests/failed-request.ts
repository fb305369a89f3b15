import * as z from 'zod';
import { failureClasses } from '../failure.ts';

/** What a failed request holds: a message to a person, or an event for CI360. */
export const failedRequestKinds = ['message', 'external-event'] as const;

/** `failed` waits for an operator; `replaying` is claimed by a replay; `resolved` was sent after all. */
export const failedRequestStatuses = ['failed', 'replaying', 'resolved'] as const;

/**
 * A message request or external event that will not be sent without an operator.
 * Attribute names in the table follow the SAS connector; the adapter maps them.
 */
export const failedRequestSchema = z.object({
  /** The event's guid; for an external event, its key (see feedback). */
  guid: z.string(),
  tenantId: z.string(),
  kind: z.enum(failedRequestKinds),
  status: z.enum(failedRequestStatuses),
  provider: z.string(),
  channel: z.string(),
  /** The record's body as it was on the queue: what a replay sends again. Empty once it is resolved. */
  eventBody: z.string(),
  /** CI360's timestamp of the event, ISO 8601. */
  generatedTimestamp: z.string(),
  /** When it failed, ISO 8601: the time that listings sort by. */
  insertTs: z.string(),
  httpStatus: z.number().int().optional(),
  errorCode: z.string(),
  errorClass: z.enum(failureClasses),
  errorMessage: z.string(),
  advice: z.string().optional(),
  attempts: z.number().int().nonnegative(),
  taskId: z.string(),
  /** The business's own sender; never a recipient's number. */
  sender: z.string(),
  /** How many replays have taken it; the next one is `replays + 1`. */
  replays: z.number().int().nonnegative(),
  replayId: z.string().optional(),
  /** Seconds since 1970 after which the table may drop it (`failed_request_ttl`). */
  expireTs: z.number(),
});
export type FailedRequest = z.infer<typeof failedRequestSchema>;

/** A failed request as listings give it: all but the body, which is most of it and needed by few. */
export const listedRequestSchema = failedRequestSchema.omit({ eventBody: true });
export type ListedRequest = z.infer<typeof listedRequestSchema>;
