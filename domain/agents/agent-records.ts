/**
 * Small records that agents' requests share: open tasks, who serves a conversation, whose turn it is. Written
 * by compare-and-swap. Whoever reads a record parses its data.
 */
export type AgentRecords = {
  /** A strongly consistent read. */
  readonly get: (id: string) => Promise<AgentRecord | undefined>;
  /** Replaces version `record.version - 1`; version 1 is new. False if another writer was first. */
  readonly put: (record: AgentRecord) => Promise<boolean>;
  /** Counts from 1; no number is returned twice. */
  readonly next: (id: string) => Promise<number>;
};

export type AgentRecord = {
  readonly id: string;
  /** Counts changes from 1. */
  readonly version: number;
  /** Plain JSON. */
  readonly data: unknown;
  /** When the table may delete it, ms since 1970. Tables delete late, so readers check it too if it matters. */
  readonly expiresAt: number;
};
