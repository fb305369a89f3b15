import { splitPrefix } from '../../outbound/address-prefix.ts';
import { type Numbering, readNumber } from '../../outbound/phone-number.ts';

export type AddressKind = 'sms' | 'whatsapp';

/** A phone address without its prefix: `whatsapp:+1…` is a number on WhatsApp. */
export type PhoneAddress = { readonly kind: AddressKind; readonly number: string };

/**
 * Parses a number in any format (`(202) 555-0123`, `+12025550123`, `whatsapp:+12025550123`) into E.164, so
 * that two spellings of one number are equal. Undefined for anything that is not a phone number, or is
 * ambiguous. `numbering` says how to read a number without a `+`.
 */
export function phoneAddress(written: string, numbering: Numbering = {}): PhoneAddress | undefined {
  const { channel, rest } = splitPrefix(written.trim());
  if (channel !== undefined && channel !== 'WHATSAPP') return undefined;
  // `tel:` and `sms:` come from copied links; they are not prefixes of a provider.
  const reading = readNumber(rest.replace(/^(tel|sms):/i, ''), numbering);
  if (reading.kind !== 'number') return undefined;
  return { kind: channel === undefined ? 'sms' : 'whatsapp', number: reading.e164 };
}

/** The address with its channel's prefix: `whatsapp:+1…`; an SMS number has none. */
export const prefixedAddress = (kind: AddressKind, number: string): string =>
  kind === 'whatsapp' ? `whatsapp:${number}` : number;
