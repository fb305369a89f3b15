import type { HeldMessage, HoldStore } from '../delivery/ports.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { EnqueueResult } from '../outbound/ports.ts';
import type { Control } from './control.ts';
import type { Run } from './run.ts';

/** What operators said about campaigns. Throws `Unavailable` when the table is down. */
export type Controls = {
  /** All of a tenant, read consistently, in no order. */
  readonly ofTenant: (tenantId: string) => Promise<readonly Control[]>;
  /**
   * Replaces what was said about the same campaign at `replaces` (its `at`; undefined where nothing was). False
   * when another command was stored meanwhile, so a write that arrives late cannot undo a newer command.
   */
  readonly put: (control: Control, replaces: number | undefined) => Promise<boolean>;
};

/** Which held messages: those of a campaign, named as a control names it, or all that are due. */
export type HeldScope =
  | {
      readonly kind: 'campaign';
      readonly tenantId: string;
      readonly taskId: string;
      /** Only those that a hold of the campaign keeps, or whatever the reason. */
      readonly which: 'on-hold' | 'all';
    }
  | { readonly kind: 'due'; readonly by: number };

type HeldPage = {
  readonly messages: readonly HeldMessage[];
  /** Where the scope goes on; absent at its end. */
  readonly cursor?: string;
};

/** A task that has, or had not long ago, held messages. */
export type HeldTask = { readonly taskId: string; readonly externalCode: string };

/** The hold store as those see it who look into it and release from it. Throws `Unavailable`. */
export type HeldMessages = HoldStore & {
  /** A page may be empty and still have a cursor. What was stored behind the cursor is not found. */
  readonly page: (scope: HeldScope, cursor?: string) => Promise<HeldPage>;
  /** Forgets these holds, and no other hold of the same messages. Safe to repeat. */
  readonly drop: (held: readonly HeldMessage[]) => Promise<void>;
  readonly tasks: (tenantId: string) => Promise<readonly HeldTask[]>;
  /** Counts a campaign's, up to a page of each of its partitions. */
  readonly count: (
    tenantId: string,
    taskId: string,
  ) => Promise<{ readonly count: number; readonly hasMore: boolean }>;
  /** When the message was due that has been due for longest, ms since 1970; undefined when none is. */
  readonly oldestDue: (now: number) => Promise<number | undefined>;
};

/** Releases that are not done yet, as a compare-and-swap store. Throws `Unavailable`. */
export type Runs = {
  readonly list: () => Promise<readonly Run[]>;
  readonly get: (runId: string) => Promise<Run | undefined>;
  /** Puts version 1; false when there is one. */
  readonly insert: (run: Run) => Promise<boolean>;
  /** Replaces version `next.version - 1`; false when another writer was first. */
  readonly swap: (next: Run) => Promise<boolean>;
  /** Forgets this version; false when there is a newer one. */
  readonly end: (run: Run) => Promise<boolean>;
};

/** Where released messages go. One result per request, in order; never throws for a queue that is down. */
export type ReleaseQueue = (
  requests: readonly MessageRequest[],
) => Promise<readonly EnqueueResult[]>;
