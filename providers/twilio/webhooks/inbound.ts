import type { CallbackReading, Callbacks } from '../../../domain/feedback/callback.ts';
import type { Keyword } from '../../../domain/opt-outs/keyword.ts';
import { bareAddress } from '../../../domain/outbound/address-prefix.ts';
import type { Channel } from '../../../domain/outbound/channel.ts';
import { twilioStatuses } from '../statuses.ts';
import { channelOf, type SignedFormOptions, signedForms } from './signed-form.ts';
import { twiml } from './twiml.ts';

export type InboundOptions = SignedFormOptions & {
  /** Writes the TwiML response; with the package by default. */
  readonly write?: (text?: string) => string;
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
 * `POST /webhooks/twilio/{tenantId}/inbound`: what a person wrote, answered with TwiML. Media are passed
 * on as URLs and never fetched.
 */
export const twilioInboundCallbacks = (options: InboundOptions): Callbacks => ({
  ...signedForms(
    ({ tenantId }) => `/webhooks/twilio/${tenantId}/inbound`,
    (form) => () => readReply(form),
    options,
  ),
  statuses: twilioStatuses,
  acknowledge: (_result, text) => ({
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: (options.write ?? twiml)(text),
  }),
});

function readReply(form: URLSearchParams): CallbackReading {
  const from = form.get('From') ?? '';
  const body = form.get('Body') ?? '';
  const media = mediaOf(form);
  const channel = channelOf(from, media.length);
  const keyword = optOutTypeOf(form);
  const to = bareAddress(form.get('To') ?? '');
  return {
    kind: 'reply',
    providerMessageId: form.get('MessageSid') ?? form.get('SmsSid') ?? '',
    channel,
    from: bareAddress(from),
    to,
    body,
    keyword,
    isAnswered: isAnswered(channel, body, keyword),
    tenantFrom: 'route',
    sender: to,
    attributes: attributesOf(form, media),
  };
}

/**
 * The STOP and HELP that Twilio answers by itself on a telephone number: its default keywords, as the whole
 * text, in any case. https://help.twilio.com/articles/223134027
 */
const answeredKeywords: ReadonlySet<string> = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'HELP',
  'INFO',
]);

/**
 * Whether Twilio has answered itself. A Messaging Service says so (`OptOutType`); on telephone numbers
 * its default keywords are answered without notice; on WhatsApp and Messenger nothing is.
 */
function isAnswered(channel: Channel, body: string, optOutType: Keyword | undefined): boolean {
  if (optOutType !== undefined) return true;
  const isNumber = channel === 'SMS' || channel === 'MMS';
  return isNumber && answeredKeywords.has(body.trim().toUpperCase());
}

/** The keyword that a Messaging Service took the message for, if it did. */
function optOutTypeOf(form: URLSearchParams): Keyword | undefined {
  const type = form.get('OptOutType');
  return type === 'STOP' || type === 'START' || type === 'HELP' ? type : undefined;
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
