import type { FailedRequest } from '../delivery/failed-request.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import type { JudgeDeps } from './deps.ts';
import { type ReplayRecord, readRecord } from './record.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export type Judgement = {
  readonly verdict: Verdict;
  /** Absent when the body cannot be read; then the verdict is `needs-editing`. */
  readonly record?: ReplayRecord;
  /** An attempt of it may have been accepted. */
  readonly inDoubt: boolean;
};

/** Reads what the verdict over a failed request depends on, and gives it. Plan and requeue share it. */
export async function judge(
  row: FailedRequest,
  rules: { readonly ignoreTtl: boolean; readonly replayId?: string },
  deps: JudgeDeps,
): Promise<Judgement> {
  const record = readRecord(row);
  if (record === undefined) return { verdict: 'needs-editing', inDoubt: false };
  const request = record.kind === 'message' ? record.request : undefined;
  const [delivery, optedOut] =
    request === undefined
      ? [undefined, false]
      : await Promise.all([
          deps.deliveries.get(deliveryIdOf(request)),
          deps.optOuts.isOptedOut(request.tenantId, request.to),
        ]);
  const verdict = verdictOf(
    { row, generatedAt: request?.generatedAt, delivery, optedOut },
    { ...rules, eventTtlSeconds: deps.eventTtlSeconds, now: deps.clock() },
  );
  return { verdict, record, inDoubt: delivery?.doubt !== undefined };
}
