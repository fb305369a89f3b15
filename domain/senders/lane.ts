import { fnv1a } from '../fnv1a.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { FASTEST } from './pace.ts';
import type { PaceKey } from './sender.ts';

/** Messages that one receive takes from a lane. */
export const LANE_BATCH = 10;
/** What a batch takes beside its slots while the provider is slow, s: lanes enough to use the rate all the same. */
const SLOW_BATCH_SECONDS = 1;

/** Slower than this, a batch takes longer than what it takes beside its slots: one lane is always at work. */
const ONE_LANE_PER_SECOND = 2;

/** Lanes of a sender: while one batch is sent, others wait for their slots, and one more is on its way. */
export const lanesFor = (perSecond: number): number =>
  perSecond <= ONE_LANE_PER_SECOND
    ? 1
    : 1 + Math.ceil((Math.min(perSecond, FASTEST) * SLOW_BATCH_SECONDS) / LANE_BATCH);

/**
 * The lane of a message: a queue hands out one batch of a lane at a time. What has priority has a lane of its
 * own, so that it waits for a slot only and not behind the others.
 */
export function laneOf(
  { guid, priority }: Pick<MessageRequest, 'guid' | 'priority'>,
  { tenantId, sender }: PaceKey,
  perSecond: number,
): string {
  const lane = priority === 'high' ? 'high' : String(fnv1a(guid) % lanesFor(perSecond));
  return `${tenantId}/${sender}/${lane}`;
}
