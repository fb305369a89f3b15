import { SECOND } from '../clock.ts';
import type { Replay } from './replay.ts';

/** A schedule that is further behind than this starts again from now: a pause or an outage is not caught up in a burst. */
const PATIENCE = 5 * SECOND;
/** Batches are small against a second, so that the pace is even. */
const BATCHES_PER_SECOND = 4;
/** What one request to SQS may hold. */
const PER_SEND = 10;
const MAX_BATCH = 100;

/** How many messages go together at a rate: whole requests to SQS where there are ten or more. */
export function batchSize(rate: number): number {
  const even = Math.round(rate / BATCHES_PER_SECOND);
  if (even < PER_SEND) return Math.max(1, even);
  return Math.min(MAX_BATCH, Math.floor(even / PER_SEND) * PER_SEND);
}

/** When the next message is due by a schedule, ms since 1970. */
export const dueAt = (
  { requeued, options }: Pick<Replay, 'requeued' | 'options'>,
  pace: NonNullable<Replay['pace']>,
): number => pace.at + ((requeued - pace.from) / options.rate) * SECOND;

/**
 * The schedule to keep, and how many ms from now the next message is due by it. Measured from the
 * schedule's start, not from the last message, so that what a batch costs does not slow the rate.
 */
export function due(
  replay: Pick<Replay, 'pace' | 'requeued' | 'options'>,
  now: number,
): { readonly pace: NonNullable<Replay['pace']>; readonly inMs: number } {
  const restarted = { at: now, from: replay.requeued };
  const pace = replay.pace ?? restarted;
  const at = dueAt(replay, pace);
  if (now - at > PATIENCE) return { pace: restarted, inMs: 0 };
  return { pace, inMs: Math.max(0, at - now) };
}
