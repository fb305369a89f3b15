import { splitPrefix } from '../../outbound/address-prefix.ts';
import { type Numbering, readNumber } from '../../outbound/phone-number.ts';

export type AddressKind = 'sms' | 'whatsapp';

/** A phone address as Twilio writes it, split: `whatsapp:+1…` is a number on WhatsApp. */
export type PhoneAddress = { readonly kind: AddressKind; readonly number: string };

/**
 * Reads what people and Twilio write (`(202) 555-0123`, `+12025550123`, `whatsapp:+12025550123`) into
 * E.164, so that two ways of writing one number compare as equal. Undefined for anything that is no
 * telephone number, or could be two; `numbering` says how a number without a `+` is read.
 */
export function phoneAddress(written: string, numbering: Numbering = {}): PhoneAddress | undefined {
  const { channel, rest } = splitPrefix(written.trim());
  if (channel !== undefined && channel !== 'WHATSAPP') return undefined;
  // `tel:` and `sms:` come from links that people copy; they are no provider's prefixes.
  const reading = readNumber(rest.replace(/^(tel|sms):/i, ''), numbering);
  if (reading.kind !== 'number') return undefined;
  return { kind: channel === undefined ? 'sms' : 'whatsapp', number: reading.e164 };
}

/** As Twilio wants it written on its channel. */
export const toTwilioAddress = (kind: AddressKind, number: string): string =>
  kind === 'whatsapp' ? `whatsapp:${number}` : number;
