import type { HttpAnswer } from '../../http.ts';
import type { AgentRecord } from '../agent-records.ts';
import type { Answered } from '../answered.ts';
import { CALL_LIMIT, engineFor, type FlexCall, type FlexDeps, notOpened } from './call.ts';
import type { ChatMessage, FlexEngine } from './engine.ts';
import { ensureOpen } from './ensure-open.ts';
import { FlexRefused, failedStep, tryAgain } from './flex-refused.ts';
import { type MessageSend, messageSend } from './flex-request.ts';
import { type MessageRecord, messageId, readMessage, SENDING_LEASE } from './message-record.ts';

type Sent = Answered<{
  readonly opened: Readonly<Record<string, unknown>>;
  readonly chatMessage: ChatMessage;
}>;
type SentOrNotOpened = Sent | { readonly kind: 'not-opened'; readonly refusal: FlexRefused };

/** Sends the message, directly or in a channel that is opened for it. */
async function send(
  { messageBody: body, ...request }: MessageSend,
  { tenantId, engine }: { readonly tenantId: string; readonly engine: FlexEngine },
  deps: FlexDeps,
): Promise<SentOrNotOpened> {
  const signal = deps.limit(CALL_LIMIT);
  const shown = (opened: Readonly<Record<string, unknown>>, said: Answered<ChatMessage>): Sent =>
    said.kind === 'done' ? { kind: 'done', value: { opened, chatMessage: said.value } } : said;
  if (engine.sendDirectly) {
    // Nothing is opened before the customer answers.
    const opened = { chatChannel: null, proxySession: null };
    return shown(opened, await engine.sendDirectly({ ...request, body }, signal));
  }
  const result = await ensureOpen(request, { tenantId, engine, signal }, deps);
  if (result.kind !== 'opened') return { kind: 'not-opened', refusal: notOpened(result) };
  return shown(result.opened.shown, await engine.say(result.opened, body, signal));
}

const sentAnswer = (record: MessageRecord, reused: boolean): HttpAnswer => ({
  status: 200,
  body: { ...record.answer?.opened, chatMessage: record.answer?.chatMessage, reused },
});

const beingSent = () => tryAgain('Another call is sending this message.');

const inDoubt = () =>
  new FlexRefused(
    409,
    'Whether this message was sent is not known. To send it again, use another Idempotency-Key.',
  );

/** The response that an earlier call's record gives to this one. */
function knownAnswer(known: MessageRecord, now: number): HttpAnswer {
  if (known.state === 'sent') return sentAnswer(known, true);
  throw known.state === 'sending' && known.until > now ? beingSent() : inDoubt();
}

/**
 * `POST /flex/{tenantId}/outbound-messages`: a message whose replies an automated flow handles. A repeated
 * call does not send again: it gets the response of the first.
 */
export async function sendMessage(call: FlexCall, deps: FlexDeps): Promise<HttpAnswer> {
  const { tenantId, headers } = call;
  const request = messageSend(call.body, deps.numbering);
  const engine = await engineFor(request, call, deps);
  const message = { ...request, body: request.messageBody };
  const { id, keptFor } = messageId(tenantId, message, headers['idempotency-key'], deps.digest);
  const earlier = await deps.records.get(id);
  const now = deps.clock();
  const known = earlier && earlier.expiresAt > now ? readMessage(earlier) : undefined;
  if (known !== undefined) return knownAnswer(known, now);

  const version = (earlier?.version ?? 0) + 1;
  const record = (step: number, data: MessageRecord, expiresAt = now + keptFor): AgentRecord => ({
    id,
    version: version + step,
    data,
    expiresAt,
  });
  const claim: MessageRecord = { state: 'sending', until: now + SENDING_LEASE };
  if (!(await deps.records.put(record(0, claim)))) throw beingSent();

  const sent = await send(request, { tenantId, engine }, deps);
  if (sent.kind === 'done') {
    const result: MessageRecord = { state: 'sent', until: now, answer: sent.value };
    await deps.records.put(record(1, result));
    return sentAnswer(result, false);
  }
  const unknown: MessageRecord = { state: 'unknown', until: now };
  // A message that is known not to be sent may be sent again immediately.
  await deps.records.put(record(1, unknown, sent.kind === 'unknown' ? now + keptFor : now));
  throw sent.kind === 'not-opened'
    ? sent.refusal
    : failedStep('Failed to create Chat Message', sent);
}
