/** One receive of one record of a queue. */
export type QueueRecord = {
  readonly body: string;
  /** The queue's id for it: the same at each receive. */
  readonly messageId: string;
  /** How often the queue has given it out, from 1. */
  readonly receiveCount: number;
  /** When it was put on the queue, ms since 1970. */
  readonly enqueuedAt: number;
  /** When this invocation must be over, ms since 1970. */
  readonly deadline: number;
  /** The name of the queue it came from. */
  readonly queue: string;
  /** String message attributes. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** `done` deletes the record; `retry` leaves it on the queue, hidden for so many seconds. */
export type RecordResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly seconds: number };
