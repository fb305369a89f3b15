import type { Issue } from '../http.ts';
import type { MessageRequest } from './message-request.ts';

/** How an SMS is coded, and in how many segments it is sent and billed. */
export type SmsSize = { readonly encoding: 'GSM-7' | 'UCS-2'; readonly segments: number };

/** A composed request as it is queued and sent, with the size of an SMS; or why it is refused. */
export type Prepare = (
  request: MessageRequest,
) =>
  | { readonly kind: 'request'; readonly request: MessageRequest; readonly sms?: SmsSize }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/** `delaySeconds` (0 to 900) keeps a record from workers for a while; `attributes` stand beside its body. */
type EnqueueOptions = {
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, string>>;
};

/** One message request on its way to the queue. */
export type QueuedRequest = EnqueueOptions & { readonly request: MessageRequest };

/**
 * What became of one request of a batch. `failed`: the queue did not confirm it, though it may have
 * taken it; put it there again. `too-large`: no queue will ever take it.
 */
export type EnqueueResult = 'enqueued' | 'failed' | 'too-large';

/** The queue between ingress (or a replay) and the worker. */
export type OutboundQueue = {
  /** Resolves when the queue has confirmed it. Throws `Unavailable` otherwise, `TooLarge` when it can never fit. */
  readonly enqueue: (request: MessageRequest, options?: EnqueueOptions) => Promise<void>;
  /** One result per request, in their order. Never throws for a queue that is down: all are `failed` then. */
  readonly enqueueBatch: (requests: readonly QueuedRequest[]) => Promise<readonly EnqueueResult[]>;
};

/** A message that exceeds what the queue can hold (1 MiB once escaped): an answer to the sender, not a fault. */
export class TooLarge extends Error {
  readonly code = 'too-large';
  constructor() {
    super('The message is larger than the queue can hold.');
  }
}
