import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { addressKey } from './address-key.ts';
import { splitPrefix } from './address-prefix.ts';
import { type Channel, hasNumbers } from './channel.ts';

export type AddressReading =
  | { readonly ok: true; readonly address: string }
  /** In words that end in nothing more telling than the last two digits. */
  | { readonly ok: false; readonly issue: string };

/** An address for messages: at most its last two digits, so that a person can recognise it and nobody else. */
export const mask = (address: string): string =>
  `…${/\d{4}$/.test(address) ? address.slice(-2) : ''}`;

/** A country for numbers written without one, or undefined when no such country has numbers. */
export const numberingCountry = (code: string): CountryCode | undefined =>
  isSupportedCountry(code) ? code : undefined;

const parse = (raw: string, defaultCountry?: CountryCode): PhoneNumber | undefined =>
  parsePhoneNumberFromString(raw.trim(), {
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    extract: false,
  });

/**
 * A form that a numbering plan has given up and WhatsApp has kept, such as +521… in Mexico. It counts
 * only with its country written: elsewhere such digits may be a number of another country.
 */
const isFormerForm = (raw: string, number: string): boolean =>
  raw.trim().startsWith('+') && parse(addressKey(number))?.isPossible() === true;

/**
 * A number in E.164, or undefined. Checked for its length in its country, not against the ranges in
 * use: those change faster than a deployment, and the provider knows better.
 */
export function toE164(raw: string, defaultCountry?: CountryCode): string | undefined {
  const number = parse(raw, defaultCountry);
  if (number === undefined || number.ext !== undefined) return undefined;
  return number.isPossible() || isFormerForm(raw, number.number) ? number.number : undefined;
}

const fine = (address: string): AddressReading => ({ ok: true, address });
const wrong = (issue: string): AddressReading => ({ ok: false, issue });

const looksNational = (raw: string) => /^[\d\s().-]+$/.test(raw);

/**
 * Whom to write to, with the prefix of the channel taken off: E.164 where the channel has numbers,
 * elsewhere the provider's own id. SCG's `contact:` ids pass unchanged.
 */
export function readRecipient(
  raw: string,
  channel: Channel,
  defaultCountry?: CountryCode,
): AddressReading {
  const { channel: named, rest } = splitPrefix(raw);
  if (named !== undefined && named !== channel) {
    return wrong(`is an address of ${named}, not of ${channel}`);
  }
  if (!hasNumbers(channel)) {
    return /^\S{1,256}$/.test(rest) ? fine(rest) : wrong(`is not an id of ${channel}`);
  }
  if (/^contact:\S{1,128}$/.test(raw)) return fine(raw);
  const e164 = toE164(rest, defaultCountry);
  if (e164 !== undefined) return fine(e164);
  if (looksNational(rest) && defaultCountry === undefined) {
    return wrong(`${mask(rest)} has no country code, and default_country is not set`);
  }
  return wrong(`${mask(rest)} is not a telephone number that ${channel} can reach`);
}

const passesUnchanged = [
  // Twilio Messaging Service, and the two forms of an SCG sender.
  /^MG[0-9a-fA-F]{32}$/,
  /^(channel|sender_id):\s?\S{1,128}$/i,
  // Short code.
  /^\d{3,6}$/,
  // Alphanumeric sender, or a bare SCG sender id: at least one letter.
  /^(?=.*[A-Za-z])[A-Za-z0-9 &._+-]{1,11}$/,
  /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}$/,
] as const;

/** Who writes: E.164 for numbers; short codes, names, service and sender ids, and prefixed ids as given. */
export function readSender(
  raw: string,
  channel: Channel,
  defaultCountry?: CountryCode,
): AddressReading {
  const { channel: named, rest } = splitPrefix(raw);
  if (named !== undefined && named !== channel) {
    return wrong(`is a sender of ${named}, not of ${channel}`);
  }
  if (passesUnchanged.some((shape) => shape.test(raw))) return fine(raw);
  const e164 = toE164(rest, defaultCountry);
  if (e164 !== undefined) return fine(e164);
  const isId = /^\S{1,256}$/.test(rest) && !looksNational(rest.replace(/^\+/, ''));
  if (named !== undefined && isId) return fine(raw);
  // Seven and eight digits are a number in some countries and a short code elsewhere.
  if (/^\d{7,8}$/.test(raw)) return fine(raw);
  return wrong(`${mask(rest)} is not a number, short code, sender name or sender id`);
}
