import { MINUTE } from '../clock.ts';
import { lookAgain } from '../delivery/backoff.ts';
import { replyEvent } from './external-event.ts';
import type { Reply } from './external-event-request.ts';
import type { EventRecord, InjectDeps, Report, Send } from './inject-deps.ts';
import { personOf } from './person-of.ts';
import { recordKeyword, saysStopOrStart } from './record-keyword.ts';

/**
 * A person may answer before the worker has recorded the recipient: by moments, or by minutes where the
 * provider's answer was lost or the worker died. So the note is waited for longer than the message's
 * record may stay hidden (`retry_max_seconds`, `outbound_visibility_timeout`), with growing waits, and
 * for less than the alarm on the age of the queue (`alarm_queue_age_seconds`).
 */
const IDENTITY_GRACE = 10 * MINUTE;
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 60;

/**
 * Records a STOP or START that the webhook could not, and reports the reply once, with the identity of
 * the person. 1 read for the identity, 2 writes for the claim and the note that it was reported.
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
  const { identityField } = settings;
  const found = await personOf(reply, { ...deps, identityField });
  const tenantId = found?.tenantId ?? reply.tenantId;
  if (saysStopOrStart(reply) && reply.recordedFor !== tenantId) {
    await recordKeyword(reply, tenantId, deps, record.receiveCount === 1);
  }

  if (reply.channel === 'WHATSAPP') {
    const pair = { tenantId, sender: reply.to, person: reply.from };
    await deps.windows.open(pair, reply.receivedAt);
  }

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
