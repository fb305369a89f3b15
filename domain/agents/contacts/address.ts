import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';

export type AddressKind = 'sms' | 'whatsapp';

/** A phone address as Twilio writes it, split: `whatsapp:+1…` is a number on WhatsApp. */
export type PhoneAddress = { readonly kind: AddressKind; readonly number: string };

const country = (code: string | undefined): CountryCode | undefined =>
  code !== undefined && isSupportedCountry(code) ? code : undefined;

/**
 * Reads what people and Twilio write (`(202) 555-0123`, `+12025550123`, `whatsapp:+12025550123`) into
 * E.164, so that two ways of writing one number compare as equal. Undefined for anything that is no
 * telephone number; a number without a country needs `defaultCountry`.
 */
export function phoneAddress(written: string, defaultCountry?: string): PhoneAddress | undefined {
  const [, prefix, rest = ''] = /^\s*(whatsapp:|sms:|tel:)?(.*)$/is.exec(written) ?? [];
  const parsed = parsePhoneNumberFromString(rest, country(defaultCountry));
  if (!parsed?.isValid() || parsed.ext !== undefined) return undefined;
  return {
    kind: prefix?.toLowerCase() === 'whatsapp:' ? 'whatsapp' : 'sms',
    number: parsed.number,
  };
}

/** As Twilio wants it written on its channel. */
export const toTwilioAddress = (kind: AddressKind, number: string): string =>
  kind === 'whatsapp' ? `whatsapp:${number}` : number;
