import type { Clock, Random } from '../clock.ts';
import { fullJitter } from '../delivery/backoff.ts';
import type { FailedRequests } from '../delivery/failed-requests.ts';
import type { Failure } from '../delivery/failure.ts';
import type { DeadLetters, Deliveries, Identities, OptOuts } from '../delivery/ports.ts';
import { resolveFailedRequest } from '../delivery/resolve.ts';
import { parseJson } from '../json.ts';
import type { Observe } from '../observe.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import { freshOnce, withoutSecret } from '../tenant/use-secret.ts';
import type { ExternalEvent } from './external-event.ts';
import { type ExternalEventRequest, externalEventRequestSchema } from './external-event-request.ts';
import { injectReply } from './inject-reply.ts';
import type { InjectSettings } from './inject-settings.ts';
import { injectStatus } from './inject-status.ts';
import type { EventGateway, ExplainCode, Injection, ReplyLog } from './ports.ts';

export type InjectDeps = {
  readonly deliveries: Deliveries;
  readonly replyLog: ReplyLog;
  readonly identities: Pick<Identities, 'find'>;
  readonly optOuts: Pick<OptOuts, 'optOut' | 'optIn'>;
  readonly failedRequests: Pick<FailedRequests, 'get' | 'swap'>;
  /** The way into `FailedRequests`: the ci360-events dead-letter queue. */
  readonly deadLetters: DeadLetters;
  readonly secrets: TenantSecrets;
  readonly gateway: EventGateway;
  readonly explain: ExplainCode;
  readonly settings: InjectSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** A signal that aborts at this time, ms since 1970. */
  readonly signalUntil: (time: number) => AbortSignal;
  readonly observe: Observe;
};

/** One record of the ci360-events queue, as one receive of it. */
export type EventRecord = {
  readonly body: string;
  /** The queue's id for it: the same at each receive. */
  readonly messageId: string;
  /** How often the queue has given it out, from 1. */
  readonly receiveCount: number;
  /** When it was put on the queue, ms since 1970: what the limit to retries counts from. */
  readonly enqueuedAt: number;
  /** When this invocation must be over, ms since 1970. */
  readonly deadline: number;
};

/** `done` deletes the record; `retry` leaves it on the queue, hidden for so many seconds. */
export type InjectResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly seconds: number };

/** What reporting came to. */
export type Report =
  /** CI360 has it, or there is nothing for CI360 in it. */
  | { readonly kind: 'settled' }
  /** To be tried again. */
  | { readonly kind: 'retry'; readonly seconds: number }
  /** Given up: an operator's now. */
  | { readonly kind: 'refused'; readonly failure: Failure };

/** Time kept for storing what an injection came to. */
const SETTLE_RESERVE_MS = 3000;

/**
 * Turns one record of the ci360-events queue into at most one external event. May be run again with
 * the same record at any point: what was reported is not reported again, except when the process died
 * between CI360's answer and the note of it. Then the event comes twice rather than not at all.
 */
export async function inject(record: EventRecord, deps: InjectDeps): Promise<InjectResult> {
  const parsed = externalEventRequestSchema.safeParse(parseJson(record.body));
  if (!parsed.success) {
    await deps.deadLetters.handOver(record.body, undefined, unreadable, record.messageId);
    return { kind: 'done' };
  }
  const request = parsed.data;
  const send = sender(request, record, deps);
  const report =
    request.kind === 'status'
      ? await injectStatus(request, send, deps)
      : await injectReply(request, record, send, deps);
  return settle(request, record, report, deps);
}

async function settle(
  request: ExternalEventRequest,
  record: EventRecord,
  report: Report,
  { deadLetters, failedRequests, observe }: InjectDeps,
): Promise<InjectResult> {
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

/** Injects one event, for the request's tenant unless another is named. */
export type Send = (event: ExternalEvent, tenantId?: string) => Promise<Report>;

const sender =
  (request: ExternalEventRequest, record: EventRecord, deps: InjectDeps): Send =>
  async (event, tenantId = request.tenantId) => {
    const { gateway, observe, secrets, signalUntil } = deps;
    const answer = await secrets.get(tenantId);
    if (answer.kind !== 'found') return { kind: 'refused', failure: withoutSecret(answer) };
    const signal = signalUntil(record.deadline - SETTLE_RESERVE_MS);
    const injection = await freshOnce(
      answer.secret,
      tenantId,
      secrets,
    )(
      (secret) => gateway.inject(event, secret, signal),
      (result) => result.kind === 'rejected' && result.authentication === true,
    );
    switch (injection.kind) {
      case 'accepted':
        observe.count('reported', { provider: request.provider });
        return { kind: 'settled' };
      case 'rejected':
        return { kind: 'refused', failure: injection.failure };
      case 'retry':
        return later(request, record, injection, deps);
    }
  };

/** When an event that CI360 did not take is tried again, or that it no longer is. */
function later(
  request: ExternalEventRequest,
  record: EventRecord,
  { failure, retryAfterSeconds = 0 }: Extract<Injection, { kind: 'retry' }>,
  { clock, observe, random, settings }: InjectDeps,
): Report {
  if (clock() - record.enqueuedAt >= settings.giveUpAfterMs) return { kind: 'refused', failure };
  const jitter = fullJitter(settings.backoff, record.receiveCount - 1, random);
  const seconds = Math.max(jitter, retryAfterSeconds);
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

const unreadable: Failure = {
  class: 'poison',
  code: 'unreadable',
  message: 'The record is not a status update or a reply.',
  advice: 'Find out what writes to the ci360-events queue; this record cannot be replayed.',
};
