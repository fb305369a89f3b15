import type { FailedRequest } from '../delivery/failed-request.ts';
import type { ReplayDeps } from './deps.ts';
import { judge } from './judge.ts';
import { marked, type ReplayRecord, readRecord } from './record.ts';
import type { Replay } from './replay.ts';
import { isRequeued, type Verdict } from './verdict.ts';

/** What became of one failed request that a replay came upon. */
export type Taken =
  /** Claimed by this replay (now or by a run that died): its record must go on the queue. */
  | { readonly kind: 'requeue'; readonly row: FailedRequest; readonly record: ReplayRecord }
  | { readonly kind: 'skipped'; readonly verdict: Verdict }
  /** Requeued by an earlier run of this step, and settled since. */
  | { readonly kind: 'settled' }
  /** Purged, or dropped by the table. */
  | { readonly kind: 'gone' };

type TakeDeps = Pick<
  ReplayDeps,
  'failedRequests' | 'deliveries' | 'optOuts' | 'eventTtlSeconds' | 'clock' | 'chooseSender'
>;

/**
 * Claims a failed request for the replay: `failed → replaying` with the replay's id, compared and
 * swapped, so that of two replays one gets it.
 */
export async function take(row: FailedRequest, replay: Replay, deps: TakeDeps): Promise<Taken> {
  const rules = { ignoreTtl: replay.options.ignoreTtl, replayId: replay.replayId };
  const { verdict, record, inDoubt } = await judge(row, rules, deps);
  if (verdict === 'delivered-meanwhile' && row.status === 'failed') {
    await deps.failedRequests.swap(row, { ...row, status: 'resolved' });
  }
  if (record === undefined || !isRequeued(verdict)) return { kind: 'skipped', verdict };

  const claimed: FailedRequest = {
    ...row,
    status: 'replaying',
    replayId: replay.replayId,
    replays: row.replays + 1,
  };
  if (!(await deps.failedRequests.swap(row, claimed))) {
    // The index showed an older row, or somebody was faster.
    const fresh = await deps.failedRequests.get(row.guid);
    if (fresh === undefined) return { kind: 'gone' };
    if (fresh.replayId === replay.replayId) return recall(fresh, replay, deps);
    if (fresh.status === 'failed') return take(fresh, replay, deps);
    return {
      kind: 'skipped',
      verdict: fresh.status === 'resolved' ? 'delivered-meanwhile' : 'already-being-replayed',
    };
  }
  return {
    kind: 'requeue',
    row: claimed,
    record: forQueue(record, claimed, replay, inDoubt, deps),
  };
}

/**
 * Takes up a request that this replay has claimed before. Whether its record reached the queue is not
 * known, so it goes there again under the same number: the worker's claim sends one of the two.
 */
export async function recall(row: FailedRequest, replay: Replay, deps: TakeDeps): Promise<Taken> {
  if (row.status !== 'replaying') return { kind: 'settled' };
  const record = readRecord(row);
  if (record === undefined) return { kind: 'skipped', verdict: 'needs-editing' };
  const { inDoubt } = await judge(row, { ignoreTtl: replay.options.ignoreTtl }, deps);
  return { kind: 'requeue', row, record: forQueue(record, row, replay, inDoubt, deps) };
}

const forQueue = (
  record: ReplayRecord,
  row: FailedRequest,
  replay: Replay,
  inDoubt: boolean,
  deps: TakeDeps,
): ReplayRecord =>
  marked(
    record,
    { id: replay.replayId, no: row.replays, ignoreTtl: replay.options.ignoreTtl },
    inDoubt,
    deps.chooseSender,
  );
