import type { WaitingKind } from '../delivery/waiting.ts';
import { providerIds } from '../provider-id.ts';

/** The companies that the service calls. */
export const companies = [...providerIds, 'ci360'] as const;
export type Company = (typeof companies)[number];

/** Records on a queue: to be taken now, with a worker or waiting for its next attempt, and put there with a delay. */
export type QueueDepth = {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
};

/** The queues by what is on them. */
const queueNames = [
  'outbound',
  'outboundPriority',
  'outboundLanes',
  'outboundDlq',
  'ci360Events',
  'ci360Replies',
  'ci360EventsDlq',
] as const;
export type QueueName = (typeof queueNames)[number];

/** Throws `Unavailable` when a queue cannot be asked. */
export type QueueDepths = () => Promise<Readonly<Record<QueueName, QueueDepth>>>;

/** Messages that were tried and wait for their next attempt, found without reading the whole table. */
export type WaitingDeliveries = {
  readonly look: (
    tenantId: string,
    kind: WaitingKind,
  ) => Promise<{
    readonly count: number;
    /** There are more than were counted. */
    readonly hasMore: boolean;
    /** When the oldest of them was taken on, ms since 1970. */
    readonly oldestAt: number | undefined;
    /** Those that were counted, the oldest first. */
    readonly ids: readonly string[];
  }>;
};

/** When a company last took something of the tenant's, ms since 1970; to the minute. */
export type LastSuccesses = {
  readonly of: (tenantId: string) => Promise<(company: Company) => number | undefined>;
};
