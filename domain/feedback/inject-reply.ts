import { MINUTE } from '../clock.ts';
import { lookAgain } from '../delivery/backoff.ts';
import { type ReplyIdentity, replyEvent } from './external-event.ts';
import type { Reply } from './external-event-request.ts';
import type { EventRecord, InjectDeps, Report, Send } from './inject-deps.ts';
import { sameWebhookAccess } from './webhook-access.ts';

/**
 * A person may answer before the worker has noted whom it wrote to: by moments, or by minutes where the
 * provider's answer was lost or the worker died. So the note is waited for longer than the message's
 * record may stay hidden (`retry_max_seconds`, `outbound_visibility_timeout`), with growing waits, and
 * for less than the alarm on the age of the queue (`alarm_queue_age_seconds`).
 */
const IDENTITY_GRACE = 10 * MINUTE;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 60;

/**
 * Records what a reply says about being written to, and reports it once, with the identity of the
 * person. 1 read for the identity, 2 writes for the claim and the note that it was reported.
 */
export async function injectReply(
  reply: Reply,
  record: EventRecord,
  send: Send,
  deps: InjectDeps,
): Promise<Report> {
  const { clock, observe, replyLog, settings } = deps;
  const { provider } = reply;
  const eventName = settings.replyEvents[provider];
  const found = await personOf(reply, deps);
  const tenantId = found?.tenantId ?? reply.tenantId;
  await recordOptOut(reply, tenantId, record, deps);

  if (!eventName) {
    observe.count('unmapped', { provider });
    return { kind: 'settled' };
  }
  if (!found) {
    if (clock() - record.enqueuedAt < IDENTITY_GRACE) {
      const seconds = Math.min(FIRST_WAIT_SECONDS * record.receiveCount, LONGEST_WAIT_SECONDS);
      return { kind: 'retry', seconds };
    }
    observe.count('uncorrelated', { provider });
    observe.warn('reply of an unknown person', { tenantId, guid: reply.key, provider });
    return { kind: 'settled' };
  }

  const id = `${tenantId}#${provider}#${reply.providerMessageId}`;
  const now = clock();
  const until = now + settings.leaseMs;
  const claim = await replyLog.claim(id, { now, until });
  if (claim === 'reported') {
    observe.count('duplicate', { provider });
    return { kind: 'settled' };
  }
  if (claim === 'held') {
    const seconds = lookAgain(Math.ceil(settings.leaseMs / 1000), record.receiveCount);
    return { kind: 'retry', seconds };
  }

  const report = await send(replyEvent(eventName, reply, found.identity, settings), tenantId);
  await (report.kind === 'settled' ? replyLog.reported(id) : replyLog.release(id, until));
  return report;
}

/**
 * Whom the reply is from. Where the route named no tenant, a person of another tenant counts only if
 * that tenant lets the same webhook in: a webhook can never write to a tenant that it may not enter.
 */
async function personOf(
  reply: Reply,
  { identities, secrets, settings }: InjectDeps,
): Promise<{ tenantId: string; identity: ReplyIdentity } | undefined> {
  const { identityField } = settings;
  if (identityField) {
    return { tenantId: reply.tenantId, identity: { field: identityField, value: reply.from } };
  }
  const own = await identities.find(reply.from, reply.tenantId);
  if (own) return person(own);
  if (reply.tenantFrom === 'route') return undefined;
  const other = await identities.find(reply.from);
  if (!other) return undefined;
  const [mine, theirs] = await Promise.all([
    secrets.get(reply.tenantId),
    secrets.get(other.tenantId),
  ]);
  const shared =
    mine.kind === 'found' &&
    theirs.kind === 'found' &&
    sameWebhookAccess(mine.secret, theirs.secret);
  return shared ? person(other) : undefined;
}

const person = (found: { tenantId: string; datahubId: string }) => ({
  tenantId: found.tenantId,
  identity: { field: 'datahub_id', value: found.datahubId },
});

/** Recorded at each try, in case the one before did not get so far; counted once. */
async function recordOptOut(
  reply: Reply,
  tenantId: string,
  { receiveCount }: EventRecord,
  deps: InjectDeps,
): Promise<void> {
  const source = `${reply.provider}:${reply.optOut ?? ''}`;
  if (reply.optOut === 'STOP') {
    await deps.optOuts.optOut(tenantId, reply.from, source, reply.receivedAt);
    if (receiveCount === 1) deps.observe.count('opted_out', { provider: reply.provider });
  } else if (reply.optOut === 'START') {
    await deps.optOuts.optIn(tenantId, reply.from, source, reply.receivedAt);
  }
}
