import type { HttpAnswer } from '../../http.ts';
import type { AgentRecord } from '../agent-records.ts';
import type { Answered } from '../answered.ts';
import { badRequest, failure, notDoneAnswer } from './answers.ts';
import {
  CALL_LIMIT,
  engineOf,
  type FlexCall,
  type FlexDeps,
  isAnswer,
  notOpened,
  optedOut,
} from './call.ts';
import { ensureOpen } from './ensure-open.ts';
import { type MessageSend, messageSend } from './flex-request.ts';
import { type MessageRecord, messageId, readMessage, SENDING_LEASE } from './message-record.ts';
import type { ChatMessage, FlexEngine } from './engine.ts';

type Sent = Answered<{
  readonly opened: Readonly<Record<string, unknown>>;
  readonly chatMessage: ChatMessage;
}>;

/** Sends it one way or the other; an answer when the channel for it could not be opened. */
async function sendBy(
  engine: FlexEngine,
  deps: FlexDeps,
  { tenantId, secret }: FlexCall,
  { messageBody: body, ...request }: MessageSend,
): Promise<Sent | { readonly kind: 'answer'; readonly answer: HttpAnswer }> {
  const signal = deps.limit(CALL_LIMIT);
  const shown = (opened: Readonly<Record<string, unknown>>, said: Answered<ChatMessage>): Sent =>
    said.kind === 'done' ? { kind: 'done', value: { opened, chatMessage: said.value } } : said;
  if (engine.sendDirectly) {
    // Nothing is opened before the customer answers.
    const opened = { chatChannel: null, proxySession: null };
    return shown(opened, await engine.sendDirectly({ ...request, body }, secret, signal));
  }
  const result = await ensureOpen(deps, engine, tenantId, request, secret, signal);
  if (result.kind !== 'opened') return { kind: 'answer', answer: notOpened(result) };
  return shown(result.opened.shown, await engine.say(result.opened, body, secret, signal));
}

const said = (record: MessageRecord, reused: boolean): HttpAnswer => ({
  status: 200,
  body: { ...record.answer?.opened, chatMessage: record.answer?.chatMessage, reused },
});

const inDoubt = (): HttpAnswer =>
  failure(
    409,
    'Whether this message was sent is not known. To send it again, give another Idempotency-Key.',
  );

/**
 * `POST /flex/{tenantId}/outbound-messages`: a message whose replies a Studio flow handles. A call
 * that comes twice sends once: the second gives back what the first did.
 */
export async function sendMessage(deps: FlexDeps, call: FlexCall): Promise<HttpAnswer> {
  const { tenantId, headers } = call;
  const read = messageSend(call.body, deps.numbering);
  if (!read.ok) return badRequest(read.errors);
  const engine = engineOf(deps, call);
  if (isAnswer(engine)) return engine;
  if (await deps.optOuts.isOptedOut(tenantId, read.value.to)) return optedOut();

  const message = { ...read.value, body: read.value.messageBody };
  const { id, keptFor } = messageId(tenantId, message, headers['idempotency-key'], deps.digest);
  const earlier = await deps.records.get(id);
  const now = deps.clock();
  const known = earlier && earlier.expiresAt > now ? readMessage(earlier) : undefined;
  if (known?.state === 'sent') return said(known, true);
  if (known?.state === 'sending' && known.until > now) {
    return failure(409, 'Another call is sending this message.', {}, { 'retry-after': '2' });
  }
  if (known !== undefined) return inDoubt();

  const version = (earlier?.version ?? 0) + 1;
  const record = (step: number, data: MessageRecord, expiresAt: number): AgentRecord => ({
    id,
    version: version + step,
    data,
    expiresAt,
  });
  const claim: MessageRecord = { state: 'sending', until: now + SENDING_LEASE };
  if (!(await deps.records.put(record(0, claim, now + keptFor)))) {
    return failure(409, 'Another call is sending this message.', {}, { 'retry-after': '2' });
  }
  const sent = await sendBy(engine, deps, call, read.value);
  if (sent.kind === 'done') {
    const done: MessageRecord = { state: 'sent', until: now, answer: sent.value };
    await deps.records.put(record(1, done, now + keptFor));
    return said(done, false);
  }
  if (sent.kind === 'unknown') {
    await deps.records.put(record(1, { state: 'unknown', until: now }, now + keptFor));
    return notDoneAnswer('Failed to create Chat Message', sent);
  }
  // Known not to be sent: the next call may try at once.
  await deps.records.put(record(1, { state: 'unknown', until: now }, now));
  return sent.kind === 'answer'
    ? sent.answer
    : notDoneAnswer('Failed to create Chat Message', sent);
}
