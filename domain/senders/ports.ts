import type { Pace } from './pace.ts';
import type { PaceKey } from './sender.ts';
import type { Reservation } from './slots.ts';

/** `send`: when messages leave. `entry`: when they enter a lane, so that lanes stay short. */
export type Schedule = 'send' | 'entry';

type Reserved = {
  /** When the slots begin, ms since 1970; undefined when nothing was reserved. */
  readonly begins: number | undefined;
  /** When the schedule is free, where nothing was reserved. */
  readonly freeAt?: number | undefined;
  /** As it is stored; undefined while the sender was never throttled. */
  readonly pace: Pace | undefined;
};

/** What all workers know of the senders. Every call throws `Unavailable` while the table is down. */
export type Paces = {
  /** A lost answer wastes slots and never gives them twice. */
  readonly reserve: (
    key: PaceKey,
    schedule: Schedule,
    reservation: Reservation,
  ) => Promise<Reserved>;
  /** Counts units against a cap of the day (`2026-03-02`, UTC); false when they do not fit, and none is counted. */
  readonly spend: (key: PaceKey, day: string, units: number, dailyCap: number) => Promise<boolean>;
  readonly get: (key: PaceKey) => Promise<Pace | undefined>;
  /** Replaces a pace that is still as it was read. False when another worker was first. */
  readonly swap: (key: PaceKey, read: Pace | undefined, next: Pace) => Promise<boolean>;
};

/** A sender of a tenant, as the table knows it. */
export type SenderState = PaceKey & {
  readonly pace: Pace | undefined;
  /** When its last reserved slot ends, and when what waits for its turn is through, ms since 1970. */
  readonly busyUntil: number | undefined;
  readonly enteredUntil: number | undefined;
  readonly day: string | undefined;
  readonly sentToday: number | undefined;
};

/** Senders of a tenant that were paced of late. */
export type SenderStates = {
  readonly list: (tenantId: string) => Promise<readonly SenderState[]>;
};
