import { nextTry } from '../delivery/backoff.ts';
import { resolveFailedRequest } from '../failed-requests/resolve.ts';
import type { Failure } from '../failure.ts';
import { parseJson } from '../json.ts';
import type { RecordResult } from '../queue.ts';
import { withFreshSecret, withoutSecret } from '../tenant/use-secret.ts';
import { type ExternalEventRequest, externalEventRequestSchema } from './external-event-request.ts';
import type { EventRecord, InjectDeps, Report, Send } from './inject-deps.ts';
import { injectReply } from './inject-reply.ts';
import { injectStatus } from './inject-status.ts';
import type { Injection } from './ports.ts';

/** Time kept for storing the outcome of an injection. */
const SETTLE_RESERVE_MS = 3000;

/**
 * Turns one record of the ci360-events queue into at most one external event. May be run again with
 * the same record at any point: what was reported is not reported again, except when the process died
 * between CI360's answer and the note of it. Then the event comes twice rather than not at all.
 */
export async function inject(record: EventRecord, deps: InjectDeps): Promise<RecordResult> {
  const parsed = externalEventRequestSchema.safeParse(parseJson(record.body));
  if (!parsed.success) {
    await deps.deadLetters.handOver(record.body, undefined, unreadable, record.messageId);
    return { kind: 'done' };
  }
  const request = parsed.data;
  const send = sender(request, record, deps);
  const report =
    request.kind === 'status'
      ? await injectStatus(request, record, send, deps)
      : await injectReply(request, record, send, deps);
  return settle(request, record, report, deps);
}

async function settle(
  request: ExternalEventRequest,
  record: EventRecord,
  report: Report,
  { deadLetters, failedRequests, observe }: InjectDeps,
): Promise<RecordResult> {
  switch (report.kind) {
    case 'retry':
      return report;
    case 'settled':
      await resolveFailedRequest({ ...request, guid: request.key }, failedRequests);
      return { kind: 'done' };
    case 'refused': {
      const { failure } = report;
      await deadLetters.handOver(record.body, request.tenantId, failure);
      observe.count('unreported', { reason: 'given-up' });
      observe.warn('external event given up', {
        tenantId: request.tenantId,
        guid: request.key,
        provider: request.provider,
        class: failure.class,
        code: failure.code,
      });
      return { kind: 'done' };
    }
  }
}

const sender =
  (request: ExternalEventRequest, record: EventRecord, deps: InjectDeps): Send =>
  async (event, tenantId = request.tenantId) => {
    const { breaker, clock, gateway, observe, secrets, signalUntil } = deps;
    const leave = breaker.enter(tenantId, clock());
    if (leave.kind === 'wait') {
      return later(
        request,
        record,
        { kind: 'retry', failure: held, retryAfterSeconds: leave.seconds },
        deps,
      );
    }
    const answer = await secrets.get(tenantId);
    if (answer.kind !== 'found') return { kind: 'refused', failure: withoutSecret(answer) };
    const signal = signalUntil(record.deadline - SETTLE_RESERVE_MS);
    const injection = await withFreshSecret({ tenantId, secret: answer.secret, secrets })(
      (secret) => gateway.inject(event, secret, signal),
      (result) => result.kind === 'rejected' && result.authentication === true,
    );
    if (injection.kind === 'retry') pauseAfter(injection, tenantId, deps);
    else breaker.answered(tenantId);
    switch (injection.kind) {
      case 'accepted':
        deps.onTaken?.(tenantId);
        observe.count('reported', { provider: request.provider });
        return { kind: 'settled' };
      case 'rejected':
        return { kind: 'refused', failure: injection.failure };
      case 'retry':
        return later(request, record, injection, deps);
    }
  };

/** Notes that CI360 could not take an event, and says so when the tenant's events wait from now on. */
function pauseAfter(
  { failure, retryAfterSeconds }: Extract<Injection, { kind: 'retry' }>,
  tenantId: string,
  { breaker, clock, observe }: InjectDeps,
): void {
  const seconds = breaker.failed(tenantId, clock(), retryAfterSeconds);
  if (seconds === undefined) return;
  observe.warn('CI360 takes nothing: the events of the tenant wait', {
    tenantId,
    code: failure.code,
    seconds,
  });
}

/** When an event that CI360 did not take is tried again, or that it no longer is. */
function later(
  request: ExternalEventRequest,
  record: EventRecord,
  { failure, retryAfterSeconds }: Extract<Injection, { kind: 'retry' }>,
  { clock, observe, random, settings }: InjectDeps,
): Report {
  if (clock() - record.enqueuedAt >= settings.giveUpAfterMs) return { kind: 'refused', failure };
  const seconds = nextTry(settings.backoff, record.receiveCount - 1, random, retryAfterSeconds);
  observe.count('unreported', { reason: 'retried' });
  observe.warn('external event will be tried again', {
    tenantId: request.tenantId,
    guid: request.key,
    provider: request.provider,
    code: failure.code,
    seconds,
  });
  return { kind: 'retry', seconds };
}

const held: Failure = {
  class: 'transient',
  code: 'ci360-held',
  message: 'CI360 has not answered the last events of the tenant.',
  advice: 'Check that CI360 is up and that ci360_api_url is right; then replay.',
};

const unreadable: Failure = {
  class: 'poison',
  code: 'unreadable',
  message: 'The record is not a status update or a reply.',
  advice: 'Find out what writes to the ci360-events queue; this record cannot be replayed.',
};
