import type { Delivery } from '../delivery/delivery.ts';
import type { FailedRequest } from '../failed-requests/failed-request.ts';
import type { FailureClass } from '../failure.ts';
import { mask } from '../outbound/address.ts';
import { readRecord } from '../replay/record.ts';
import { type ListedReplay, outstanding } from '../replay/replay.ts';
import type { DeliveryAnswer } from './answers/deliveries.ts';
import type { FailedRequestAnswer, Replayable } from './answers/failed-requests.ts';
import type { ReplayAnswer } from './answers/replays.ts';
import { nextStepOf, type Waits } from './next-step.ts';

export function replayable(kind: FailedRequest['kind'], failureClass: FailureClass): Replayable {
  if (failureClass === 'poison') return 'no';
  if (kind === 'external-event') return 'yes';
  const byClass: Record<FailureClass, Replayable> = {
    permanent: 'with-include-permanent',
    config: 'yes',
    'opted-out': 'if-opted-back-in',
    expired: 'with-ignore-ttl',
    transient: 'yes',
    unknown: 'looked-up-first',
    stopped: 'yes',
    poison: 'no',
  };
  return byClass[failureClass];
}

const isoOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : iso(ms));
const iso = (ms: number): string => new Date(ms).toISOString();

/** A failed request as an operator sees it: no text, and of the recipient's number two digits. */
export function viewOfRow(row: FailedRequest): FailedRequestAnswer {
  const record = readRecord(row);
  return {
    guid: row.guid,
    tenantId: row.tenantId,
    kind: row.kind,
    status: row.status,
    provider: row.provider,
    channel: row.channel,
    to: record?.kind === 'message' ? mask(record.request.to) : '',
    sender: row.sender,
    taskId: row.taskId,
    class: row.errorClass,
    code: row.errorCode,
    message: row.errorMessage,
    advice: row.advice ?? '',
    httpStatus: row.httpStatus ?? null,
    attempts: row.attempts,
    replays: row.replays,
    replayId: row.replayId ?? null,
    generatedAt: row.generatedTimestamp,
    failedAt: row.insertTs,
    expiresAt: iso(row.expireTs * 1000),
    replayable: replayable(row.kind, row.errorClass),
  };
}

/** A delivery as an operator sees it. It holds no text and no number of the recipient's. */
export function viewOfDelivery(delivery: Delivery, waits: Waits, now: number): DeliveryAnswer {
  const next = nextStepOf(delivery, waits, now);
  return {
    guid: delivery.guid,
    tenantId: delivery.tenantId,
    status: delivery.status,
    provider: delivery.provider,
    channel: delivery.channel,
    taskId: delivery.taskId,
    caller: delivery.caller ?? null,
    providerMessageId: delivery.providerMessageId ?? null,
    encoding: delivery.tried?.encoding ?? null,
    segments: delivery.tried?.segments ?? null,
    attempts: delivery.attempts,
    replays: delivery.replayNo,
    replayId: delivery.replayId ?? null,
    heldUntil: delivery.lease ? iso(delivery.lease.until) : null,
    held: heldOf(delivery),
    inDoubt: delivery.doubt ? { from: iso(delivery.doubt.from), to: iso(delivery.doubt.to) } : null,
    lastError: delivery.lastError ?? null,
    next: next === undefined ? null : { what: next.what, at: isoOrNull(next.at) },
    reports: Object.entries(delivery.reports ?? {}).map(([status, state]) => ({
      status,
      reported: state === 'reported',
    })),
    sentAt: delivery.sentAt === undefined ? null : iso(delivery.sentAt),
    createdAt: iso(delivery.createdAt),
    updatedAt: iso(delivery.updatedAt),
  };
}

const heldOf = ({ status, held }: Delivery): DeliveryAnswer['held'] =>
  status === 'held' && held !== undefined
    ? { reason: held.reason, since: iso(held.since), until: iso(held.until) }
    : null;

/** A replay as an operator sees it. */
export function viewOfReplay(replay: ListedReplay): ReplayAnswer {
  const { resolved, failed, countedAt } = replay.outcomes;
  return {
    replayId: replay.replayId,
    tenantId: replay.tenantId,
    status: replay.status,
    phase: replay.phase,
    asked: replay.control ?? null,
    selection: replay.selection,
    options: replay.options,
    startedBy: replay.startedBy,
    requeued: replay.requeued,
    sent: resolved,
    failedAgain: failed,
    onTheirWay: outstanding(replay),
    skipped: replay.skipped,
    countedAt: iso(countedAt),
    reason: replay.reason ?? null,
    executions: replay.generation,
    createdAt: iso(replay.createdAt),
    updatedAt: iso(replay.updatedAt),
    finishedAt: replay.finishedAt === undefined ? null : iso(replay.finishedAt),
  };
}
