import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { isMessagingService } from './rules.ts';

/** Twilio's names for channels, written before both addresses. */
const prefixes: Partial<Record<MessageRequest['channel'], string>> = {
  WHATSAPP: 'whatsapp:',
  FACEBOOK: 'messenger:',
};

export type TwilioAddresses = {
  readonly to: string;
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
};

/** Recipient and sender as Twilio wants them, or undefined for a channel that it does not carry. */
export function twilioAddresses({
  channel,
  to,
  from,
}: Pick<MessageRequest, 'channel' | 'to' | 'from'>): TwilioAddresses | undefined {
  const prefix = prefixes[channel];
  if (prefix === undefined && channel !== 'SMS' && channel !== 'MMS') return undefined;
  const address = (bare: string) =>
    prefix === undefined || bare.toLowerCase().startsWith(prefix) ? bare : prefix + bare;
  return {
    to: address(to),
    // The service finds the sender of the channel itself.
    sender: isMessagingService(from) ? { messagingServiceSid: from } : { from: address(from) },
  };
}
