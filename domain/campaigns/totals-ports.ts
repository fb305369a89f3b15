import type { Counts, TotalsKey } from './counted.ts';
import type { StoredTotals } from './sum-up.ts';

/** How far a shard of the stream is added to one item of totals. */
type ShardPosition = { readonly shardId: string; readonly sequence: string };

/** When an addition is made: only if nothing of the shard from `below` on was added, or if exactly `at` was the last. */
type AddCondition = { readonly below: string } | { readonly at: string | undefined };

/**
 * The totals, each item with the last sequence number that was added of each shard. Sequence numbers are
 * texts of one length, so that they compare as texts. Throws `Unavailable`.
 */
export type Totals = {
  /** Adds counts and moves the shard's position, in one write; false when the condition does not hold. */
  readonly add: (
    key: TotalsKey,
    counts: Counts,
    to: ShardPosition,
    when: AddCondition,
  ) => Promise<boolean>;
  /** The shard's last sequence number in an item, read consistently. */
  readonly position: (key: TotalsKey, shardId: string) => Promise<string | undefined>;
};

/** A campaign as it is listed. */
export type Campaign = {
  readonly tenantId: string;
  readonly taskId: string;
  /** The task's code. */
  readonly externalCode: string;
  /** When its first message was seen, ms since 1970. */
  readonly startedAt: number;
};

export type Campaigns = {
  /** Puts a campaign on the list, once; later calls change nothing. */
  readonly note: (campaign: Campaign) => Promise<void>;
};

/** What is known of campaigns, for those who ask. Read eventually consistently; throws `Unavailable`. */
export type CampaignRecords = {
  /** A tenant's campaigns, the latest to start first. */
  readonly list: (
    tenantId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ) => Promise<{ readonly items: readonly Campaign[]; readonly cursor?: string }>;
  /** A campaign by its task's id or code; by a code that several tasks had, the latest. */
  readonly find: (tenantId: string, name: string) => Promise<Campaign | undefined>;
  /** The totals of messages accepted in these hours (`2026-11-20T09`), both included. */
  readonly totalsOf: (
    campaign: Pick<Campaign, 'tenantId' | 'taskId'>,
    hours?: { readonly from?: string | undefined; readonly to?: string | undefined },
  ) => Promise<readonly StoredTotals[]>;
};
