import type { Delivery } from '../delivery/delivery.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { EnqueueResult } from '../outbound/ports.ts';
import type { ExternalEventRecord } from './record.ts';
import type { ListedReplay, Outcomes, Replay } from './replay.ts';

/** Replays as a compare-and-swap store. Every call throws `Unavailable` when the table is down. */
export type Replays = {
  /** Puts a first version. False when the id is taken. */
  readonly insert: (replay: Replay) => Promise<boolean>;
  /** A strongly consistent read. */
  readonly get: (replayId: string) => Promise<Replay | undefined>;
  /** Replaces version `next.version - 1`. False when another writer was first. */
  readonly swap: (next: Replay) => Promise<boolean>;
  /** A tenant's replays, newest first. Throws `CursorRefused` for a cursor that is not this query's. */
  readonly list: (
    tenantId: string,
    page: { readonly limit: number; readonly cursor?: string },
  ) => Promise<{ readonly items: readonly ListedReplay[]; readonly cursor?: string }>;
};

/** What became of a replay's requests; exact but for the lag of an index. */
export type ReplayOutcomes = {
  /** Those that were sent, and those that failed again. */
  readonly count: (replayId: string) => Promise<Omit<Outcomes, 'countedAt'>>;
  /** Whether any of them is still this replay's and on its way. */
  readonly isUnderWay: (replay: Pick<Replay, 'tenantId' | 'replayId'>) => Promise<boolean>;
};

/** What verdicts depend on, read for many requests together. Both throw `Unavailable`. */
export type VerdictFacts = {
  /** Strongly consistent, by delivery id; what there is not is left out. */
  readonly deliveries: (deliveryIds: readonly string[]) => Promise<ReadonlyMap<string, Delivery>>;
  /** Whether each of these has opted out, in order. */
  readonly optedOut: (
    people: readonly { readonly tenantId: string; readonly address: string }[],
  ) => Promise<readonly boolean[]>;
};

/** What an execution is started with and every task of it is given. */
export type Step = {
  readonly replayId: string;
  readonly generation: number;
  /** Tasks done by this execution: it hands over to the next before AWS's limit on its history. */
  readonly turn: number;
};

/** The state machine's executions. */
export type Executions = {
  /** Starts one; starting it again under the same name and step starts nothing. */
  readonly start: (name: string, step: Step) => Promise<void>;
  /** False once it has ended in any way, or never was. */
  readonly isRunning: (name: string) => Promise<boolean>;
};

/** What to reserve of the shared schedule. Times are in ms since 1970, lengths in ms. */
export type Slot = {
  /** A schedule that is free by then gives the slot that begins at `dueAt` and ends at `endsAt`. */
  readonly freeBy: number;
  readonly dueAt: number;
  readonly endsAt: number;
  /** What a schedule that is busy until later is extended by. */
  readonly lengthMs: number;
  /** When such a slot must begin at the latest. */
  readonly latestAt: number;
  /** A schedule that is busy until after this was written by a wrong clock and counts as free. */
  readonly wrongAfter: number;
};

/**
 * The one schedule of all running replays, so that together they keep to `replay_max_rate`: the generic
 * cell rate algorithm with virtual scheduling. It stores no more than until when it is busy.
 */
export type SharedSchedule = {
  /**
   * Reserves a slot and returns when it begins, which may be in the past. Undefined if it would begin after
   * `latestAt`; nothing is reserved then. A lost answer wastes a slot and never gives it twice. Throws
   * `Unavailable`.
   */
  readonly reserve: (slot: Slot) => Promise<number | undefined>;
};

/** The queues that failed requests came from. One result per record, in order; never throws for a queue that is down. */
export type ReplayQueues = {
  readonly messages: (requests: readonly MessageRequest[]) => Promise<readonly EnqueueResult[]>;
  readonly externalEvents: (
    events: readonly ExternalEventRecord[],
  ) => Promise<readonly EnqueueResult[]>;
};
