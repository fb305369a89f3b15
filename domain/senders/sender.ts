import type { MessageRequest } from '../outbound/message-request.ts';

/** What kind of address a message comes from: providers limit each kind in its own way. */
export const senderKinds = [
  'long-code',
  'toll-free',
  'short-code',
  'alphanumeric',
  'messaging-service',
  'sender-id',
  'whatsapp',
  'rcs',
  'messenger',
  'wechat',
  'account',
] as const;
export type SenderKind = (typeof senderKinds)[number];

type SentBy = Pick<MessageRequest, 'provider' | 'channel' | 'from'>;

/** US and Canadian toll-free area codes. https://www.nationalnanpa.com/number_resource_info/toll_free_codes.html */
const TOLL_FREE = /^\+18(00|33|44|55|66|77|88)\d{7}$/;

const textKinds: readonly (readonly [RegExp, SenderKind])[] = [
  [TOLL_FREE, 'toll-free'],
  [/^\+\d+$/, 'long-code'],
  [/^\d{3,8}$/, 'short-code'],
  [/^MG[0-9a-f]{32}$/i, 'messaging-service'],
  [/^(channel|sender_id):/i, 'sender-id'],
];

export function senderKindOf({ channel, from }: SentBy): SenderKind {
  switch (channel) {
    case 'WHATSAPP':
      return 'whatsapp';
    case 'RCS':
      return 'rcs';
    case 'FACEBOOK':
      return 'messenger';
    case 'WECHAT':
      return 'wechat';
    case 'SMS':
    case 'MMS':
      return textKinds.find(([shape]) => shape.test(from))?.[1] ?? 'alphanumeric';
  }
}

/** Prefixes of senders that have a limit of their own on a channel, beside the one for SMS. */
const prefixes = { WHATSAPP: 'whatsapp:', RCS: 'rcs:', FACEBOOK: 'messenger:', WECHAT: 'we:' };

/**
 * A sender as `sender_rates` names it: its address, and before that of another channel than SMS and MMS the
 * channel's prefix. One number that sends SMS and WhatsApp messages is two senders.
 */
export const senderNameOf = ({ channel, from }: SentBy): string =>
  channel === 'SMS' || channel === 'MMS' || from.startsWith(prefixes[channel])
    ? from
    : `${prefixes[channel]}${from}`;

/** What a pace belongs to: a sender of a tenant, or its whole account at a provider. */
export type PaceKey = { readonly tenantId: string; readonly sender: string };

export const paceKeyOf = (request: SentBy & Pick<MessageRequest, 'tenantId'>): PaceKey => ({
  tenantId: request.tenantId,
  sender: `${request.provider}/${senderNameOf(request)}`,
});

/** No sender is called so. */
export const accountKeyOf = ({
  tenantId,
  provider,
}: Pick<MessageRequest, 'tenantId' | 'provider'>): PaceKey => ({
  tenantId,
  sender: `${provider}/*`,
});
