import type { Clock } from '../clock.ts';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { type PhrasePolicy, readKeyword } from '../opt-outs/keyword.ts';
import { ownWordsOf } from '../opt-outs/own-words.ts';
import { guidSchema } from '../outbound/message-request.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { CallbackReading, Callbacks, ReplyReading, StatusReading } from './callback.ts';
import {
  errorCodeSchema,
  personAddressSchema,
  providerMessageIdSchema,
  type Reply,
  replyKey,
  type StatusUpdate,
  statusKey,
} from './external-event-request.ts';
import type { EventQueue } from './ports.ts';
import { statusOf } from './status-names.ts';
import { saidBy, type Taken, type TakeReplyDeps, takeReply } from './take-reply.ts';
import { type VerifyDeps, verifyCallback } from './verify-callback.ts';

export type ReceiveDeps = VerifyDeps & {
  readonly queue: EventQueue;
  readonly clock: Clock;
  /** Absent where a route gets no replies. */
  readonly replies?: ReplyDeps;
};

export type ReplyDeps = Omit<TakeReplyDeps, 'queue' | 'observe'> & {
  /** `opt_out_phrases` */
  readonly phrases: PhrasePolicy;
  /** Answers a reply by a message, or gives the text for the response to the webhook. */
  readonly answer: AnswerReply;
};

export type AnswerReply = (reply: Reply, heard: Heard) => Promise<string | undefined>;

/** What is known about a reply beside the reply. */
export type Heard = {
  readonly taken: Taken;
  /** The secret of the tenant whose webhook it is. */
  readonly secret: TenantSecret;
  /** The sender that the person wrote to, as a message names it; empty where that is not known. */
  readonly sender: string;
  /** Whether the provider has answered it already. */
  readonly isAnswered: boolean;
};

/** Where a callback is from, once it is verified. */
type Origin = {
  readonly callbacks: Callbacks;
  readonly tenantId: string;
  readonly secret: TenantSecret;
};

/**
 * The way of every callback: it is verified, read, put on its queue, and only then acknowledged. A STOP
 * or START is on record before that. What cannot be used is acknowledged too, because the provider would
 * only repeat it. Throws `Unavailable` when the queue cannot take it, so that the provider repeats it.
 */
export async function receiveCallback(
  request: HttpRequest,
  callbacks: Callbacks,
  deps: ReceiveDeps,
): Promise<HttpAnswer> {
  const { tenantId, secret, content } = await verifyCallback(request, callbacks, deps);
  const origin = { callbacks, tenantId, secret };
  const reading: CallbackReading = content();
  switch (reading.kind) {
    case 'status':
      return receiveStatus(reading, origin, deps);
    case 'reply':
      return receiveReply(reading, origin, deps);
    case 'ignored':
      return ignore(reading.metric, origin, deps);
    case 'refusal':
      deps.observe.count('refused', { provider: callbacks.provider });
      throw reading.refusal;
  }
}

function ignore(
  metric: 'unmapped' | 'uncorrelated',
  { callbacks }: Origin,
  { observe }: ReceiveDeps,
): HttpAnswer {
  observe.count(metric, { provider: callbacks.provider });
  return callbacks.acknowledge('ignored');
}

async function receiveStatus(
  reading: StatusReading,
  origin: Origin,
  deps: ReceiveDeps,
): Promise<HttpAnswer> {
  const { callbacks } = origin;
  if (statusOf(callbacks.statuses, reading.word) === undefined) {
    return ignore('unmapped', origin, deps);
  }
  const update = updateOf(reading, origin, deps.clock());
  if (update === undefined) return ignore('uncorrelated', origin, deps);
  await deps.queue.enqueue(update);
  deps.observe.count('status_update', { provider: callbacks.provider });
  return callbacks.acknowledge('accepted');
}

/** The update, or undefined where it cannot be said which message it is about. */
function updateOf(
  { word, channel, ...reading }: StatusReading,
  { callbacks: { provider }, tenantId }: Origin,
  receivedAt: number,
): StatusUpdate | undefined {
  const { correlation } = reading;
  const id = providerMessageIdSchema.safeParse(reading.providerMessageId);
  if (correlation === undefined || !id.success) return undefined;
  // A message that another connector sent has no guid; one is made of the provider's id.
  const guid = guidSchema.safeParse(correlation.guid ?? `${provider}-${id.data}`);
  if (!guid.success) return undefined;
  const errorCode = errorCodeSchema.safeParse(reading.errorCode).data;
  const address = personAddressSchema.safeParse(reading.address).data;
  return {
    v: 1,
    kind: 'status',
    key: statusKey({ provider, providerMessageId: id.data, word }),
    tenantId,
    provider,
    channel,
    providerMessageId: id.data,
    receivedAt,
    word,
    guid: guid.data,
    identityId: correlation.identityId ?? '',
    externalCode: correlation.externalCode ?? '',
    responseTrackingCode: correlation.responseTrackingCode ?? '',
    ...(errorCode ? { errorCode } : {}),
    ...(reading.errorText ? { errorText: reading.errorText } : {}),
    ...(address ? { address } : {}),
  };
}

async function receiveReply(
  reading: ReplyReading,
  origin: Origin,
  deps: ReceiveDeps,
): Promise<HttpAnswer> {
  const { callbacks, secret } = origin;
  const { replies, queue, observe } = deps;
  if (replies === undefined) throw new Error('a reply came to a route without replies');
  const reply = replyOf(reading, origin, replies.phrases, deps);
  if (reply === undefined) return ignore('uncorrelated', origin, deps);
  const taken = await takeReply(reply, { ...replies, queue, observe });
  const { sender, isAnswered = false } = reading;
  const text = await replies.answer(reply, { taken, secret, sender, isAnswered });
  return callbacks.acknowledge('accepted', text);
}

/** The reply, or undefined where it does not say who it is from. */
function replyOf(
  { keyword, channel, body, tenantFrom, ...reading }: ReplyReading,
  { callbacks: { provider }, tenantId, secret }: Origin,
  phrases: PhrasePolicy,
  { clock, observe }: ReceiveDeps,
): Reply | undefined {
  const id = providerMessageIdSchema.safeParse(reading.providerMessageId);
  const from = personAddressSchema.safeParse(reading.from);
  if (!id.success || !from.success) return undefined;
  const said = keyword
    ? { keyword }
    : readKeyword(reading.said ?? body, phrases, ownWordsOf(secret, observe));
  return {
    v: 1,
    kind: 'reply',
    key: replyKey({ provider, providerMessageId: id.data }),
    tenantId,
    tenantFrom,
    provider,
    channel,
    providerMessageId: id.data,
    receivedAt: clock(),
    from: from.data,
    to: personAddressSchema.safeParse(reading.to).data ?? '',
    body,
    ...saidBy(said),
    attributes: { ...reading.attributes },
  };
}
