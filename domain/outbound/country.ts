import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** The country of a number in E.164 (`US`); undefined for other addresses and for codes of several countries. */
export const countryOf = (address: string): string | undefined =>
  parsePhoneNumberFromString(address)?.country;
