import * as z from 'zod';
import { whole } from '../read-setting.ts';
import { list } from './shapes.ts';

/** From an event to an answer of the provider. */
export const sendingShape = {
  /** Seconds after which an event is too old to send; 0 sends events of any age. */
  event_ttl: whole().default(86_400),
  /**
   * What a word before a colon at the start of a message does: `near` refuses what is probably a
   * misspelt field, `refuse` any word that is no field, `text` none.
   */
  creative_unknown_fields: z.enum(['near', 'refuse', 'text']).default('near'),
  /** Tasks whose messages have priority, by id or code, with commas between. */
  priority_tasks: list,
  /** Messages that one worker sends at once. */
  worker_concurrency: whole(1, 1000).default(10),
  /** Attempts that a message may spend before it is handed to the dead-letter queue. */
  max_attempts: whole(1).default(8),
  /** Retries within one attempt's Lambda invocation, for errors known not to have been accepted. */
  send_retries: whole(0, 10).default(2),
  /** Milliseconds to wait for one answer of a provider. */
  provider_timeout: whole(100, 60_000).default(10_000),
  /** Seconds for which a worker holds a delivery. More than the worker's own time limit. */
  lease_seconds: whole(10).default(90),
  /** Seconds to wait before a provider is asked about an attempt in doubt. */
  in_doubt_grace: whole(1, 900).default(60),
  /** What to do once the provider says that it has no such message: send again, or keep for an operator. */
  unknown_policy: z.enum(['resend', 'park']).default('resend'),
  /** First and longest wait in seconds between attempts; full jitter lies between. */
  retry_base_seconds: whole(1).default(5),
  retry_max_seconds: whole(1, 42_000).default(300),
  /** Seconds for which a delivery is kept: as long, a duplicate is recognised. */
  delivery_ttl: whole(3600).default(2_592_000),
  /** Seconds for which a failed request is kept for replay. */
  failed_request_ttl: whole(3600).default(7_776_000),
} as const;
