import type { ProviderId } from '../provider-id.ts';
import { splitPrefix } from './address-prefix.ts';
import { type Channel, hasNumbers } from './channel.ts';
import { type Numbering, readNumber } from './phone-number.ts';
import type { RulesOfProviders } from './provider-rules.ts';

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
 * elsewhere the provider's own id. Ids of contacts (`contact:…`) pass unchanged.
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
/** Up to 11 characters with at least one letter. */
const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 &._+-]{1,11}$/;
/** What would be the id of a sender at a provider that has ids. */
const BARE_ID = /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}$/;

/** Why a sender that only another provider has cannot be used with this one. */
export function senderOfAnother(
  provider: ProviderId,
  raw: string,
  providers: RulesOfProviders,
): string | undefined {
  for (const { id, senders } of Object.values(providers)) {
    const found = senders.distinct.find(({ shape }) => shape.test(raw));
    if (found === undefined || id === provider) continue;
    const rest = found.name === A_SENDER ? `not of ${provider}` : `not ${A_SENDER} of ${provider}`;
    return `is ${found.name} of ${id}, ${rest}`;
  }
  return undefined;
}
const A_SENDER = 'a sender';

/** Seven and eight digits are a number in some countries and a short code elsewhere. */
const LONG_SHORT_CODE = /^\d{7,8}$/;

/** Who writes: E.164 for numbers; short codes, names, service and sender ids, and prefixed ids as given. */
export function readSender(
  raw: string,
  { channel, provider }: { readonly channel: Channel; readonly provider: ProviderId },
  { providers, ...numbering }: Numbering & { readonly providers: RulesOfProviders },
): AddressReading {
  const { channel: named, rest } = splitPrefix(raw);
  if (named !== undefined && named !== channel) {
    return wrong(`is a sender of ${named}, not of ${channel}`);
  }
  const foreign = senderOfAnother(provider, raw, providers);
  if (foreign !== undefined) return wrong(foreign);
  // Pages of Messenger and accounts of WeChat have ids, which may be digits or long words.
  if (!hasNumbers(channel) && isId(rest)) return fine(raw);
  const shapes = [SHORT_CODE, SENDER_NAME, ...providers[provider].senders.shapes];
  if (shapes.some((shape) => shape.test(raw))) return fine(raw);
  const reading = readNumber(rest, numbering);
  if (reading.kind === 'number') return fine(reading.e164);
  if (named !== undefined && isId(rest) && !isNumberLike(rest.replace(/^\+/, ''))) return fine(raw);
  if (reading.kind === 'none' && LONG_SHORT_CODE.test(raw)) return fine(raw);
  if (BARE_ID.test(raw)) {
    const issue = `is longer than the 11 characters of a sender name, and ${provider} has no sender ids`;
    return wrong(issue);
  }
  return noNumber(rest, 'is not a number, short code, sender name or sender id', numbering);
}
