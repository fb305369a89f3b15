import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { addressKey } from './address-key.ts';

/** How numbers that are written without a `+` are read. */
export type Numbering = {
  /** Country of numbers that are written without one. */
  readonly defaultCountry?: CountryCode | undefined;
  /**
   * `national`: numbers of `defaultCountry`. `international`: the country code comes first. Not set:
   * numbers of `defaultCountry`, refused where the digits could also be another number.
   */
  readonly numbers_without_plus?: 'national' | 'international' | undefined;
};

export type NumberReading =
  | { readonly kind: 'number'; readonly e164: string }
  /** The digits are one number of the default country and another one with a `+` before them. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'none' };

const none: NumberReading = { kind: 'none' };
const numberOf = (number: PhoneNumber): NumberReading => ({
  kind: 'number',
  e164: number.number,
});

/** A country for numbers written without one, or undefined when no such country has numbers. */
export const numberingCountry = (code: string): CountryCode | undefined =>
  isSupportedCountry(code) ? code : undefined;

function parse(raw: string, defaultCountry?: CountryCode): PhoneNumber | undefined {
  const number = parsePhoneNumberFromString(raw.trim(), {
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    extract: false,
  });
  return number?.ext === undefined ? number : undefined;
}

const hasPlus = (raw: string): boolean => /^\s*[+＋]/.test(raw);
const withPlus = (raw: string): string => `+${raw.trim()}`;

/**
 * A form that a numbering plan has given up and WhatsApp has kept, such as +521… in Mexico. It counts
 * only with its country written: elsewhere such digits may be a number of another country.
 */
const isFormerForm = (number: PhoneNumber): boolean =>
  parse(addressKey(number.number))?.isPossible() === true;

/** A number that is written with its country. */
function readInternational(raw: string): NumberReading {
  const number = parse(raw);
  if (number === undefined) return none;
  return number.isPossible() || isFormerForm(number) ? numberOf(number) : none;
}

/** Whether the digits begin with the code of the default country, which is no prefix for calls within it. */
function carriesOwnCode(raw: string, number: PhoneNumber): boolean {
  const { countryCallingCode: code, nationalNumber } = number;
  // In North America the 1 is both.
  return code !== '1' && raw.replace(/\D/g, '') === `${code}${nationalNumber}`;
}

/** A number of the default country, or one that begins with the digits for calls abroad (`00`, `011`). */
function readNational(raw: string, defaultCountry: CountryCode | undefined): NumberReading {
  const number = defaultCountry && parse(raw, defaultCountry);
  if (!number?.isPossible() || carriesOwnCode(raw, number)) return none;
  return numberOf(number);
}

/**
 * Whether there may be such a number. Codes that several countries share (+1, +7, +44) come with the
 * ranges that are in use, which miss new ones: where no range fits, its length decides.
 */
const mayExist = (number: PhoneNumber): boolean =>
  number.isValid() || (number.country === undefined && number.isPossible());

/**
 * A number of the default country, with or without its code, unless the digits are another number
 * once a `+` stands before them. Whether there are numbers that begin so decides, not only how many
 * digits there are: by their length alone most numbers could be from somewhere else too.
 */
function readEither(raw: string, defaultCountry: CountryCode | undefined): NumberReading {
  const number = defaultCountry && parse(raw, defaultCountry);
  if (!number?.isPossible()) return none;
  const international = parse(withPlus(raw));
  const isOther = international !== undefined && international.number !== number.number;
  return isOther && mayExist(international) ? { kind: 'ambiguous' } : numberOf(number);
}

/** The digits for calls abroad in most countries, where the default country does not say better. */
const withoutExit = (raw: string): string => raw.replace(/^\s*00/, '');

/**
 * A number in E.164. Checked for its length in its country, not against the ranges in use: those
 * change faster than a deployment, and the provider knows better.
 *
 * @example readNumber('0151 12345678', { defaultCountry: 'DE' }) // +4915112345678
 * @example readNumber('4915112345678', { defaultCountry: 'DE' }) // ambiguous: also +49 4915112345678
 */
export function readNumber(raw: string, numbering: Numbering): NumberReading {
  if (hasPlus(raw)) return readInternational(raw);
  const { defaultCountry } = numbering;
  switch (numbering.numbers_without_plus) {
    case 'international':
      return readInternational(withPlus(withoutExit(raw)));
    case 'national':
      return readNational(raw, defaultCountry);
    default:
      return readEither(raw, defaultCountry);
  }
}

/**
 * The country of a number in E.164, as ISO 3166-1 alpha-2; its calling code where several countries share
 * the number's range; undefined for anything that is no number.
 *
 * @example countryOf('+4915112345678') // DE
 */
export function countryOf(e164: string): string | undefined {
  const number = hasPlus(e164) ? parse(e164) : undefined;
  return number && (number.country ?? `+${number.countryCallingCode}`);
}
