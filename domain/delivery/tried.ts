import { segmentsOf } from '../content/segments.ts';
import { fnv1a } from '../fnv1a.ts';
import { addressKey } from '../outbound/address-key.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
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
 * A fingerprint of what the person reads. 32 bits show that two texts differ and give none away; the
 * recipient's fingerprint keeps equal texts to two people from having equal fingerprints. Texts that
 * differ only in what a provider may rewrite (marks, blanks, forms of a letter) have the same one.
 */
export const contentOf = (request: MessageRequest): string =>
  hex(
    fnv1a(
      JSON.stringify([
        recipientOf(request),
        spoken(request.body),
        request.mediaUrls.length,
        ...templateOf(request),
      ]),
    ),
    8,
  );

/** Requests without a template keep the fingerprints that they had before there were any. */
const templateOf = ({ template }: MessageRequest): readonly unknown[] =>
  template === undefined ? [] : [template.template, template.language, template.variables];

/** The letters and digits of a text, or all of it where it has none. */
const spoken = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase() || text;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
