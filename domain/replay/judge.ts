import type { FailedRequest } from '../failed-requests/failed-request.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import type { JudgeDeps } from './deps.ts';
import { type ReplayRecord, readRecord } from './record.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export type Judgement = {
  readonly row: FailedRequest;
  readonly verdict: Verdict;
  /** Absent when the body cannot be read; then the verdict is `needs-editing`. */
  readonly record?: ReplayRecord;
  /** An attempt of it may have been accepted. */
  readonly inDoubt: boolean;
};

/**
 * Reads what the verdicts over failed requests depend on, for all of them together, and gives them in
 * order. Plan and requeue share it.
 */
export async function judge(
  rows: readonly FailedRequest[],
  rules: {
    readonly ignoreTtl: boolean;
    readonly includePermanent: boolean;
    readonly replayId?: string;
  },
  deps: JudgeDeps,
): Promise<Judgement[]> {
  const read = rows.map((row) => ({ row, record: readRecord(row) }));
  const requests = read.flatMap(({ record }) =>
    record?.kind === 'message' ? [record.request] : [],
  );
  const [deliveries, optedOut] = await Promise.all([
    deps.facts.deliveries(requests.map(deliveryIdOf)),
    deps.facts.optedOut(requests.map(({ tenantId, to }) => ({ tenantId, address: to }))),
  ]);
  const optOuts = new Map(requests.map((request, at) => [request, optedOut[at] === true]));
  const now = deps.clock();
  return read.map(({ row, record }) => {
    if (record === undefined) {
      // What is resolved has no body any more.
      const verdict = row.status === 'resolved' ? 'delivered-meanwhile' : 'needs-editing';
      return { row, verdict, inDoubt: false };
    }
    const request = record.kind === 'message' ? record.request : undefined;
    const delivery = request && deliveries.get(deliveryIdOf(request));
    const verdict = verdictOf(
      {
        row,
        generatedAt: request?.generatedAt,
        delivery,
        optedOut: request !== undefined && optOuts.get(request) === true,
      },
      { ...rules, eventTtlSeconds: deps.eventTtlSeconds, holdMaxMs: deps.holdMaxMs, now },
    );
    return { row, verdict, record, inDoubt: delivery?.doubt !== undefined };
  });
}
