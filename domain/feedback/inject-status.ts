import { SECOND } from '../clock.ts';
import { lookAgain } from '../delivery/backoff.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { describeLate } from '../delivery/error-table.ts';
import { reportedOn } from '../delivery/ownership.ts';
import type { Failure } from '../failure.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import { swapUntil } from '../swap-until.ts';
import { Unavailable } from '../unavailable.ts';
import { isAnswer } from './answer-guid.ts';
import { type StatusStep, stepFor, type Word, withReport } from './apply-status.ts';
import { type ExternalEvent, statusEvent } from './external-event.ts';
import type { StatusUpdate } from './external-event-request.ts';
import type { EventRecord, InjectDeps, Report, Send } from './inject-deps.ts';
import { reportOf, statusOf } from './status-names.ts';

/**
 * Joins a status update into its delivery and reports it. At most 1 read and 2 writes when all is
 * well: the status is stored together with the claim to report it, then the note that it was.
 */
export async function injectStatus(
  update: StatusUpdate,
  record: EventRecord,
  send: Send,
  deps: InjectDeps,
): Promise<Report> {
  const { clock, deliveries, observe, settings } = deps;
  const { provider } = update;
  const { statuses } = deps.providers[provider];
  const status = statusOf(statuses, update.word);
  if (status === undefined) {
    observe.count('unmapped', { provider });
    return { kind: 'settled' };
  }
  const reason = status === 'undelivered' ? reasonOf(update, deps) : undefined;
  if (reason) await noteRefusal(update, reason.failure, deps);
  const word: Word = {
    status,
    providerMessageId: update.providerMessageId,
    ...(reason ? { failure: reason.failure } : {}),
  };
  const named = reportOf(statuses, update.word, settings.statusEvents[provider]);
  if (named === undefined) observe.count('unmapped', { provider });

  return swapUntil<Report>('deliveries', async () => {
    const now = clock();
    const stored = await deliveries.get(deliveryIdOf(update));
    const reported = stored && (await reportedOn(stored, update, deps));
    const delivery = reported ?? unseen(update, now, settings.deliveryTtlSeconds);
    const event = named && eventOf(named, update, delivery, reason, deps);

    const step = stepFor(delivery, word, event && named?.word, {
      now,
      leaseMs: settings.leaseMs,
      statusOf: (name) => statusOf(statuses, name),
    });
    if (!(await isStored(step, stored, deps))) return undefined;
    if (typeof step.after === 'object') {
      return { kind: 'retry', seconds: lookAgain(step.after.waitSeconds, record.receiveCount) };
    }
    if (step.after === 'settled' || !step.next || !event || !named) return { kind: 'settled' };

    const report = await send(event);
    await note(step.next, named.word, report, deps);
    return report;
  });
}

/** Stores what a step changes; false if another writer was first. */
async function isStored(
  { next }: StatusStep,
  stored: Delivery | undefined,
  { deliveries }: InjectDeps,
): Promise<boolean> {
  if (next === undefined) return true;
  return stored ? deliveries.swap(next) : deliveries.insert(next);
}

/** The external event for CI360; undefined, and counted, if the status update names no person. */
function eventOf(
  named: NonNullable<ReturnType<typeof reportOf>>,
  update: StatusUpdate,
  delivery: Delivery,
  reason: Reason | undefined,
  { observe, settings }: InjectDeps,
): ExternalEvent | undefined {
  const event = statusEvent(named, update, delivery, reason?.error, settings);
  if (!event && !isAnswer(update)) observe.count('uncorrelated', { provider: update.provider });
  return event;
}

/**
 * Writes down that a status was reported, or when it is tried again. When that cannot be done the
 * claim ends by itself, and the status is reported once more.
 */
async function note(
  claimed: Delivery,
  word: string,
  report: Report,
  { clock, deliveries }: InjectDeps,
): Promise<void> {
  let current: Delivery | undefined = claimed;
  await swapUntil('deliveries', async () => {
    if (current === undefined) throw new Unavailable('deliveries');
    if (await deliveries.swap(noted(current, word, report, clock()))) return true;
    current = await deliveries.get(claimed.deliveryId);
    return undefined;
  });
}

function noted(delivery: Delivery, word: string, report: Report, now: number): Delivery {
  switch (report.kind) {
    case 'settled':
      return withReport(delivery, word, 'reported', now);
    case 'retry':
      return withReport(delivery, word, now + report.seconds * SECOND, now);
    case 'refused':
      return withReport(delivery, word, undefined, now);
  }
}

/** A message without a delivery: the record is older than `delivery_ttl`, or another connector sent it. */
const unseen = (update: StatusUpdate, now: number, ttlSeconds: number): Delivery => ({
  deliveryId: deliveryIdOf(update),
  tenantId: update.tenantId,
  guid: update.guid,
  provider: update.provider,
  channel: update.channel,
  taskId: '',
  identityId: update.identityId,
  externalCode: update.externalCode,
  responseTrackingCode: update.responseTrackingCode,
  status: 'sending',
  version: 0,
  attempts: 0,
  replayNo: 0,
  createdAt: now,
  updatedAt: now,
  expireTs: Math.ceil(now / 1000) + ttlSeconds,
});

type Reason = {
  readonly failure: Failure;
  /** As CI360 gets it: our words for the code, else the provider's. */
  readonly error: { readonly code: string; readonly message: string };
};

function reasonOf(update: StatusUpdate, { explain }: InjectDeps): Reason {
  const code = update.errorCode ?? '';
  const row = code ? explain(update.provider, code) : undefined;
  const failure: Failure = row
    ? describeLate(row, code)
    : {
        class: 'permanent',
        code: code || 'no-code',
        message: 'The provider did not deliver it and gave no reason that we know.',
        advice: 'Look the message up at the provider by its id.',
      };
  return { failure, error: { code, message: row?.meaning ?? update.errorText ?? '' } };
}

/** Safe to repeat: a later START is not undone. */
async function noteRefusal(
  update: StatusUpdate,
  failure: Failure,
  { observe, optOuts }: InjectDeps,
): Promise<void> {
  if (failure.class !== 'opted-out' || !update.address) return;
  const source = `${update.provider}:${failure.code}`;
  await optOuts.noteRefusal(update.tenantId, update.address, source, update.receivedAt);
  observe.count('opted_out', { provider: update.provider });
}
