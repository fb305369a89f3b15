import { percentEncoded } from '../../domain/outbound/media-urls.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { type Directives, escapeDirectives } from './directives.ts';
import { isRawRcs } from './raw-rcs.ts';
import { toScgExternalId } from './reference.ts';

/** What is POSTed, see Syniverse's Omni-Channel Messaging API, message_requests. */
export type ScgMessage = {
  readonly from: string;
  /** One recipient, so that one id means one message. */
  readonly to: readonly [string];
  readonly body?: string;
  readonly media_urls?: readonly string[];
  readonly content_type?: string;
  readonly external_id: string;
};

/** A rich card is JSON; SCG takes any other RCS body as plain text. */
const RAW_RCS = 'application/vnd.scg.grcs.raw-message';

/** `fb:` and `we:` address a person under a sender, `id@sender`; with no id, the SAS agent writes `fb:@…`. */
const underSender = (prefix: string, to: string): string =>
  prefix + (to.includes('@') ? to : `@${to}`);

const already = (prefix: string, to: string): boolean => to.toLowerCase().startsWith(prefix);

/** The recipient with its channel's prefix, once. SMS, MMS and RCS have none. */
function scgRecipient({ channel, to }: Pick<MessageRequest, 'channel' | 'to'>): string {
  switch (channel) {
    case 'WHATSAPP':
      return already('wa:', to) ? to : `wa:${to}`;
    case 'FACEBOOK':
      return already('fb:', to) ? to : underSender('fb:', to);
    case 'WECHAT':
      return already('we:', to) ? to : underSender('we:', to);
    case 'SMS':
    case 'MMS':
    case 'RCS':
      return to;
  }
}

/** A card is JSON and stays as it is. */
function bodyOf({ body, channel }: MessageRequest, directives: Directives): string {
  const isCard = channel === 'RCS' && isRawRcs(body);
  return directives === 'author' || isCard ? body : escapeDirectives(body);
}

/** The message as it is posted. What ingress should have refused is escaped. */
export const toScgMessage = (request: MessageRequest, directives: Directives): ScgMessage => ({
  from: request.from,
  to: [scgRecipient(request)],
  ...(request.body === '' ? {} : { body: bodyOf(request, directives) }),
  ...(request.mediaUrls.length === 0 ? {} : { media_urls: request.mediaUrls.map(percentEncoded) }),
  ...(request.channel === 'RCS' && isRawRcs(request.body) ? { content_type: RAW_RCS } : {}),
  external_id: toScgExternalId(request),
});
