import {
  personAddressSchema,
  providerMessageIdSchema,
  type Reply,
  replyKey,
} from '../../../domain/feedback/external-event-request.ts';
import { saidBy, type TakeReplyDeps, takeReply } from '../../../domain/feedback/take-reply.ts';
import {
  channelOf,
  readTwilioRequest,
  type TwilioWebhookDeps,
} from '../../../domain/feedback/twilio-webhook.ts';
import type { HttpAnswer, HttpRequest } from '../../../domain/http.ts';
import {
  type Keyword,
  type PhrasePolicy,
  type Reading,
  readKeyword,
} from '../../../domain/opt-outs/keyword.ts';
import { ownWordsOf } from '../../../domain/opt-outs/own-words.ts';
import { bareAddress } from '../../../domain/outbound/address-prefix.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { type TwilioAnswerDeps, twilioAnswer } from './answer.ts';

export type TwilioInboundDeps = TwilioWebhookDeps &
  TakeReplyDeps &
  TwilioAnswerDeps & {
    /** `opt_out_phrases` */
    readonly phrases: PhrasePolicy;
    /** A TwiML answer; without a text one that says nothing. */
    readonly twiml: (text?: string) => string;
  };

/** Fields that are passed on as they are, under CI360-style names. */
const passedOn: Readonly<Record<string, string>> = {
  ProfileName: 'profileName',
  WaId: 'waId',
  ButtonText: 'buttonText',
  ButtonPayload: 'buttonPayload',
  ListId: 'listId',
  ListTitle: 'listTitle',
  MessageType: 'messageType',
  OriginalRepliedMessageSid: 'originalMessageId',
};
/** Twilio sends no more than 10; the count in the request is only believed so far. */
const MAX_MEDIA = 10;

/**
 * `POST /webhooks/twilio/{tenantId}/inbound`: records a STOP or START, puts what a person wrote on the
 * queue of replies, and answers with TwiML. Media are passed on as URLs and never fetched.
 */
export async function twilioInbound(
  request: HttpRequest,
  deps: TwilioInboundDeps,
): Promise<HttpAnswer> {
  const read = await readTwilioRequest(
    request,
    `/webhooks/twilio/${request.params.tenantId}/inbound`,
    deps,
  );
  const { form, secret, tenantId } = read;

  const from = personAddressSchema.safeParse(form.get('From'));
  const id = providerMessageIdSchema.safeParse(form.get('MessageSid') ?? form.get('SmsSid'));
  if (!id.success || !from.success) {
    deps.observe.count('uncorrelated', { provider: 'twilio' });
    return twimlAnswer(deps.twiml());
  }
  const body = form.get('Body') ?? '';
  const optOutType = optOutTypeOf(form);
  const reading = readingOf(optOutType, body, secret, deps);
  const media = mediaOf(form);
  const reply: Reply = {
    v: 1,
    kind: 'reply',
    key: replyKey({ provider: 'twilio', providerMessageId: id.data }),
    tenantId,
    tenantFrom: 'route',
    provider: 'twilio',
    channel: channelOf(from.data, media.length),
    providerMessageId: id.data,
    receivedAt: deps.clock(),
    from: bareAddress(from.data),
    to: bareAddress(personAddressSchema.safeParse(form.get('To')).data ?? ''),
    body,
    ...saidBy(reading),
    attributes: attributesOf(form, media),
  };
  const taken = await takeReply(reply, deps);
  return twimlAnswer(deps.twiml(await twilioAnswer(reply, { taken, secret, optOutType }, deps)));
}

const twimlAnswer = (body: string): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body,
});

/** The keyword that a Messaging Service took the message for, if it did. */
function optOutTypeOf(form: URLSearchParams): Keyword | undefined {
  const type = form.get('OptOutType');
  return type === 'STOP' || type === 'START' || type === 'HELP' ? type : undefined;
}

/** What the Messaging Service says of it, which knows its keywords; else what the text says. */
function readingOf(
  optOutType: Keyword | undefined,
  body: string,
  secret: TenantSecret,
  { observe, phrases }: TwilioInboundDeps,
): Reading {
  if (optOutType !== undefined) return { keyword: optOutType };
  return readKeyword(body, phrases, ownWordsOf(secret, observe));
}

const mediaOf = (form: URLSearchParams): { url: string; type: string }[] =>
  Array.from({ length: MAX_MEDIA }, (_, n) => ({
    url: form.get(`MediaUrl${n}`) ?? '',
    type: form.get(`MediaContentType${n}`) ?? '',
  })).filter(({ url }) => url !== '');

function attributesOf(
  form: URLSearchParams,
  media: readonly { url: string; type: string }[],
): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [field, name] of Object.entries(passedOn)) {
    const value = form.get(field);
    if (value) attributes[name] = value;
  }
  if (media.length > 0) {
    attributes.mediaUrls = media.map(({ url }) => url).join(' ');
    attributes.mediaTypes = media.map(({ type }) => type).join(' ');
  }
  return attributes;
}
