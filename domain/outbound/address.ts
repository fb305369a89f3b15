import type { ProviderId } from '../provider-id.ts';
import { splitPrefix } from './address-prefix.ts';
import { type Channel, hasNumbers } from './channel.ts';
import { type Numbering, readNumber } from './phone-number.ts';

export type AddressReading =
  | { readonly ok: true; readonly address: string }
  /** In words that end in nothing more telling than the last two digits. */
  | { readonly ok: false; readonly issue: string };

/** An address for messages: at most its last two digits, so that a person can recognise it and nobody else. */
export const mask = (address: string): string =>
  `…${/\d{4}$/.test(address) ? address.slice(-2) : ''}`;

const fine = (address: string): AddressReading => ({ ok: true, address });
const wrong = (issue: string): AddressReading => ({ ok: false, issue });

const isNumberLike = (raw: string) => /^[\d\s().-]+$/.test(raw);
const isId = (raw: string) => /^\S{1,256}$/.test(raw);

/** Why digits without a `+` are no number, for those who can add one. */
function noNumber(raw: string, issue: string, numbering: Numbering): AddressReading {
  const reading = readNumber(raw, numbering);
  if (reading.kind === 'ambiguous') {
    return wrong(
      `${mask(raw)} could be a number of ${numbering.defaultCountry} or, with a '+' before it, of another country; ` +
        'write it with its + and country code, or have numbers_without_plus set',
    );
  }
  const needsCountry = numbering.numbers_without_plus !== 'international';
  if (isNumberLike(raw) && needsCountry && numbering.defaultCountry === undefined) {
    return wrong(`${mask(raw)} has no country code, and default_country is not set`);
  }
  return wrong(`${mask(raw)} ${issue}`);
}

/**
 * Whom to write to, with the prefix of the channel taken off: E.164 where the channel has numbers,
 * elsewhere the provider's own id. SCG's `contact:` ids pass unchanged.
 */
export function readRecipient(raw: string, channel: Channel, numbering: Numbering): AddressReading {
  const { channel: named, rest } = splitPrefix(raw);
  if (named !== undefined && named !== channel) {
    return wrong(`is an address of ${named}, not of ${channel}`);
  }
  if (!hasNumbers(channel)) return isId(rest) ? fine(rest) : wrong(`is not an id of ${channel}`);
  if (/^contact:\S{1,128}$/.test(raw)) return fine(raw);
  const reading = readNumber(rest, numbering);
  if (reading.kind === 'number') return fine(reading.e164);
  return noNumber(rest, `is not a telephone number that ${channel} can reach`, numbering);
}

const SHORT_CODE = /^\d{3,6}$/;
/** Up to 11 characters with at least one letter. https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id */
const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 &._+-]{1,11}$/;
const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/i;
const SCG_SENDER = /^(channel|sender_id):\s?\S{1,128}$/i;
/** SCG takes the id of a sender without the word before it too. */
const BARE_SCG_SENDER = /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}$/;

/** Senders beside numbers that each provider knows. */
const sendersOf: Readonly<Record<ProviderId, readonly RegExp[]>> = {
  twilio: [MESSAGING_SERVICE, SHORT_CODE, SENDER_NAME],
  scg: [SCG_SENDER, SHORT_CODE, SENDER_NAME, BARE_SCG_SENDER],
};

/** Why a sender that another provider knows is none of this one's. */
function notOf(provider: ProviderId, raw: string): string | undefined {
  if (provider === 'twilio' && SCG_SENDER.test(raw)) return 'is a sender of scg, not of twilio';
  if (provider === 'scg' && MESSAGING_SERVICE.test(raw)) {
    return 'is a Messaging Service of twilio, not a sender of scg';
  }
  return undefined;
}

/** Seven and eight digits are a number in some countries and a short code elsewhere. */
const LONG_SHORT_CODE = /^\d{7,8}$/;

/** Who writes: E.164 for numbers; short codes, names, service and sender ids, and prefixed ids as given. */
export function readSender(
  raw: string,
  { channel, provider }: { readonly channel: Channel; readonly provider: ProviderId },
  numbering: Numbering,
): AddressReading {
  const { channel: named, rest } = splitPrefix(raw);
  if (named !== undefined && named !== channel) {
    return wrong(`is a sender of ${named}, not of ${channel}`);
  }
  const foreign = notOf(provider, raw);
  if (foreign !== undefined) return wrong(foreign);
  // Pages of Messenger and accounts of WeChat have ids, which may be digits or long words.
  if (!hasNumbers(channel) && isId(rest)) return fine(raw);
  if (sendersOf[provider].some((shape) => shape.test(raw))) return fine(raw);
  const reading = readNumber(rest, numbering);
  if (reading.kind === 'number') return fine(reading.e164);
  if (named !== undefined && isId(rest) && !isNumberLike(rest.replace(/^\+/, ''))) return fine(raw);
  if (reading.kind === 'none' && LONG_SHORT_CODE.test(raw)) return fine(raw);
  if (BARE_SCG_SENDER.test(raw)) {
    return wrong('is longer than the 11 characters of a sender name, and twilio has no sender ids');
  }
  return noNumber(rest, 'is not a number, short code, sender name or sender id', numbering);
}
