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

/** The queues that failed requests came from. One result per record, in order; never throws for a queue that is down. */
export type ReplayQueues = {
  readonly messages: (requests: readonly MessageRequest[]) => Promise<readonly EnqueueResult[]>;
  readonly externalEvents: (
    events: readonly ExternalEventRecord[],
  ) => Promise<readonly EnqueueResult[]>;
};
