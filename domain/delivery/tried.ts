import { segmentsOf } from '../content/segments.ts';
import { addressKey } from '../outbound/address-key.ts';
import { deliveryIdOf, type MessageRequest } from '../outbound/message-request.ts';
import type { Delivery } from './delivery.ts';

/** The fields of a delivery that say what is being tried; they change together. */
export type Tried = Pick<Delivery, 'provider' | 'channel' | 'recipient' | 'tried'>;

/** What sending this request tries. */
export const triedBy = (request: MessageRequest): Required<Tried> => ({
  provider: request.provider,
  channel: request.channel,
  recipient: recipientOf(request),
  tried: { sender: request.from, content: contentOf(request), ...segmentsOf(request) },
});

/**
 * A fingerprint of the recipient: 24 bits, so that several hundred numbers share each and it names
 * none of them. Deliveries to one recipient share it, whatever the tenant.
 */
export function recipientOf({ channel, to }: Pick<MessageRequest, 'channel' | 'to'>): string {
  const hash = fnv1a(`${channel === 'MMS' ? 'SMS' : channel}:${addressKey(to)}`);
  return hex((hash >>> 24) ^ (hash & 0xff_ffff), 6);
}

/**
 * A fingerprint of what the person reads. 32 bits show that two copies differ and give no text away;
 * the delivery's id keeps equal texts of two messages from having equal fingerprints.
 */
export const contentOf = (request: MessageRequest): string =>
  hex(fnv1a(JSON.stringify([deliveryIdOf(request), request.body, request.mediaUrls.length])), 8);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** FNV-1a over UTF-16 units. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
