import * as z from 'zod';
import { failureClasses } from '../../failure.ts';
import { forEachProvider, providerIds } from '../../provider-id.ts';
import type { QueueName } from '../status-ports.ts';
import { count, time } from './fields.ts';
import { replayAnswer } from './replays.ts';

/** Records on a queue: ready to be taken, with a worker or waiting for the next attempt, and delayed. */
const depth = z.object({ waiting: count, inFlight: count, delayed: count });
const queues: Record<QueueName, typeof depth> = {
  outbound: depth,
  outboundPriority: depth,
  outboundLanes: depth,
  outboundDlq: depth,
  ci360Events: depth,
  ci360Replies: depth,
  ci360EventsDlq: depth,
};
const waiting = z.object({
  count,
  hasMore: z.boolean().describe('There are more than were counted'),
  oldestTakenOnAt: time.nullable(),
});

/** What is in progress for a tenant, and what holds it up. The queues are shared by all tenants. */
export const statusAnswer = z
  .object({
    tenantId: z.string(),
    at: time,
    queues: z.object(queues),
    messages: z.object({
      retrying: waiting,
      inDoubt: waiting,
      looked: count.describe('How many of them were read for their causes'),
    }),
    /** The last errors of the messages that were read, most frequent first. */
    causes: z.array(
      z.object({
        provider: z.enum(providerIds),
        class: z.enum(failureClasses),
        code: z.string(),
        message: z.string(),
        count,
      }),
    ),
    /** When each company last accepted something of the tenant. */
    lastSuccess: z.object({
      ...forEachProvider(() => time.nullable()),
      ci360: time.nullable(),
    }),
    /** Replays that are not over. */
    replays: z.array(replayAnswer),
  })
  .meta({ id: 'Status' });
export type StatusAnswer = z.output<typeof statusAnswer>;
