import pMap from 'p-map';
import type { TimeLimits } from '../delivery/expiry.ts';
import type { FailedRequest } from '../failed-requests/failed-request.ts';
import { resolved } from '../failed-requests/resolve.ts';
import type { ReplayDeps } from './deps.ts';
import { type Judgement, judge } from './judge.ts';
import { marked, type ReplayRecord } from './record.ts';
import type { Replay } from './replay.ts';
import { isRequeued, type Verdict } from './verdict.ts';

/** What became of one failed request that a replay came upon. */
export type Taken =
  /** Claimed by this replay (now or by a run that died): its record must go on the queue. */
  | { readonly kind: 'requeue'; readonly row: FailedRequest; readonly record: ReplayRecord }
  | { readonly kind: 'skipped'; readonly verdict: Verdict }
  /** Requeued by an earlier run of this step, and settled since. */
  | { readonly kind: 'settled' };

type TakeDeps = Pick<
  ReplayDeps,
  'failedRequests' | 'facts' | keyof TimeLimits | 'clock' | 'chooseSender'
>;

/** Conditional writes under way at once. */
const CONCURRENCY = 25;

const rulesOf = (replay: Replay) => ({
  ignoreTtl: replay.options.ignoreTtl,
  includePermanent: replay.options.includePermanent,
  replayId: replay.replayId,
});

/** Whether a replay was the last to take a request. */
export const isTakenBy = (replay: Replay, row: Pick<FailedRequest, 'replayId'>): boolean =>
  row.replayId === replay.replayId;

/** The rows of these guids as they stand now, without those that have become another tenant's. */
export const rowsOf = async (
  replay: Pick<Replay, 'tenantId'>,
  guids: readonly string[],
  { failedRequests }: Pick<ReplayDeps, 'failedRequests'>,
): Promise<FailedRequest[]> =>
  (await failedRequests.getMany(guids)).filter(({ tenantId }) => tenantId === replay.tenantId);

/**
 * Claims failed requests for the replay: `failed → replaying` with the replay's id, each compared and
 * swapped, so that of two replays one gets it. They are read as they stand now, for the listing that
 * named them is older. What was purged meanwhile, or dropped by the table, is left out.
 */
export async function take(
  guids: readonly string[],
  replay: Replay,
  deps: TakeDeps,
): Promise<Taken[]> {
  const rows = await rowsOf(replay, guids, deps);
  const mine = rows.filter((row) => isTakenBy(replay, row));
  const others = rows.filter((row) => !isTakenBy(replay, row));
  const judged = await judge(others, rulesOf(replay), deps);
  const claimed = await pMap(judged, (one) => claim(one, replay, deps), {
    concurrency: CONCURRENCY,
  });
  return [...(await recall(mine, replay, deps)), ...claimed.flat()];
}

async function claim(
  judgement: Judgement,
  replay: Replay,
  deps: TakeDeps,
): Promise<readonly Taken[]> {
  const { row, verdict, record, inDoubt } = judgement;
  if (verdict === 'delivered-meanwhile' && row.status === 'failed') {
    await deps.failedRequests.swap(row, resolved(row));
  }
  if (record === undefined || !isRequeued(verdict)) return [{ kind: 'skipped', verdict }];

  const claimed: FailedRequest = {
    ...row,
    status: 'replaying',
    replayId: replay.replayId,
    replays: row.replays + 1,
  };
  if (await deps.failedRequests.swap(row, claimed)) {
    return [
      { kind: 'requeue', row: claimed, record: forQueue(record, claimed, replay, inDoubt, deps) },
    ];
  }
  // Someone was faster: what stands there now decides.
  return take([row.guid], replay, deps);
}

/**
 * Takes up requests that this replay has claimed before. Whether their records reached the queue is not
 * known, so they go there again under the same number: the worker's claim sends one of the two.
 */
export async function recall(
  rows: readonly FailedRequest[],
  replay: Replay,
  deps: TakeDeps,
): Promise<Taken[]> {
  const judged = await judge(rows, rulesOf(replay), deps);
  return judged.map(({ row, record, inDoubt }): Taken => {
    if (row.status !== 'replaying') return { kind: 'settled' };
    if (record === undefined) return { kind: 'skipped', verdict: 'needs-editing' };
    return { kind: 'requeue', row, record: forQueue(record, row, replay, inDoubt, deps) };
  });
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
    {
      id: replay.replayId,
      no: row.replays,
      ignoreTtl: replay.options.ignoreTtl,
      ...(replay.options.sendInDoubt ? { sendInDoubt: true } : {}),
      ...(replay.options.ignoreWindow ? { ignoreWindow: true } : {}),
      startedAt: replay.createdAt,
    },
    inDoubt,
    deps.chooseSender,
  );
