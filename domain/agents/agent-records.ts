/**
 * Small records that agents' requests leave for one another (open tasks, who serves a conversation,
 * whose turn it is), kept by compare-and-swap. The slice that owns a record parses its data.
 */
export type AgentRecords = {
  /** A strongly consistent read. */
  readonly get: (id: string) => Promise<AgentRecord | undefined>;
  /** Replaces version `record.version - 1`; version 1 is a first one. False when another writer was first. */
  readonly put: (record: AgentRecord) => Promise<boolean>;
  /** Counts on from 1; no number is given twice. */
  readonly next: (id: string) => Promise<number>;
};

export type AgentRecord = {
  readonly id: string;
  /** Counts changes from 1. */
  readonly version: number;
  /** Plain JSON. */
  readonly data: unknown;
  /** When the table may drop it, ms since 1970. Whoever minds checks it as well: tables drop late. */
  readonly expiresAt: number;
};
