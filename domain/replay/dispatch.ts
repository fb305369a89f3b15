import type { FailedRequest } from '../failed-requests/failed-request.ts';
import type { EnqueueResult } from '../outbound/ports.ts';
import { Unavailable } from '../unavailable.ts';
import type { ReplayDeps } from './deps.ts';
import type { Replay } from './replay.ts';
import type { Taken } from './take.ts';
import { type Verdict, verdicts } from './verdict.ts';

/** What a batch adds to the replay's accounts. */
export type Tally = { readonly requeued: number; readonly skipped: Replay['skipped'] };

/**
 * Puts the claimed of a batch on their queues and adds up what became of all. A record that the queue
 * did not confirm throws: the batch is then gone through again from the claims that stand.
 */
export async function dispatch(
  batch: readonly Taken[],
  deps: Pick<ReplayDeps, 'queues' | 'failedRequests' | 'observe'>,
): Promise<Tally> {
  const claimed = batch.flatMap((taken) => (taken.kind === 'requeue' ? [taken] : []));
  const messages = claimed.flatMap(({ row, record }) =>
    record.kind === 'message' ? [{ row, value: record.request }] : [],
  );
  const events = claimed.flatMap(({ row, record }) =>
    record.kind === 'external-event' ? [{ row, value: record.event }] : [],
  );
  const results = [
    ...zip(messages, await sendAll(messages, deps.queues.messages)),
    ...zip(events, await sendAll(events, deps.queues.externalEvents)),
  ];
  const tooLarge = results.filter(({ result }) => result === 'too-large');
  for (const { row } of tooLarge) await giveBack(row, deps);
  if (results.some(({ result }) => result === 'failed')) throw new Unavailable('outbound-queue');

  const settled = batch.filter(({ kind }) => kind === 'settled').length;
  const skipped: Partial<Record<Verdict, number>> = {};
  const skip = (verdict: Verdict) => {
    skipped[verdict] = (skipped[verdict] ?? 0) + 1;
  };
  for (const taken of batch) if (taken.kind === 'skipped') skip(taken.verdict);
  for (const _ of tooLarge) skip('needs-editing');
  const sent = claimed.length - tooLarge.length;
  if (sent > 0) deps.observe.count('replayed', {}, sent);
  return { requeued: sent + settled, skipped };
}

async function sendAll<T>(
  entries: readonly { readonly value: T }[],
  send: (values: readonly T[]) => Promise<readonly EnqueueResult[]>,
): Promise<readonly EnqueueResult[]> {
  return entries.length === 0 ? [] : send(entries.map(({ value }) => value));
}

const zip = (
  entries: readonly { readonly row: FailedRequest }[],
  results: readonly EnqueueResult[],
) => entries.map(({ row }, at) => ({ row, result: results[at] ?? ('failed' as const) }));

/** No queue will ever take it: it stays a failed request, with that as its reason. */
async function giveBack(
  row: FailedRequest,
  { failedRequests }: Pick<ReplayDeps, 'failedRequests'>,
): Promise<void> {
  await failedRequests.swap(row, {
    ...row,
    status: 'failed',
    errorClass: 'permanent',
    errorCode: 'too-large',
    errorMessage: 'The record is larger than the queue can hold.',
  });
}

/** The sum of two accounts. */
export const addSkipped = (a: Replay['skipped'], b: Replay['skipped']): Replay['skipped'] =>
  Object.fromEntries(
    verdicts
      .map((verdict) => [verdict, (a[verdict] ?? 0) + (b[verdict] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
