import { type Numbering, numberingCountry } from '../../domain/outbound/phone-number.ts';
import { type Config, ConfigError } from './config.ts';

/** How numbers without a `+` are read, alike wherever people write numbers: in creatives, settings, contacts and by agents. */
export function numberingOf(
  config: Pick<Config, 'default_country' | 'numbers_without_plus'>,
): Numbering {
  const { default_country: country, numbers_without_plus } = config;
  const defaultCountry = country === undefined ? undefined : numberingCountry(country);
  if (country !== undefined && defaultCountry === undefined) {
    throw new ConfigError('default_country: is not a country that has telephone numbers.');
  }
  if (numbers_without_plus === 'national' && defaultCountry === undefined) {
    throw new ConfigError(
      'numbers_without_plus: national needs default_country, which is not set.',
    );
  }
  return { defaultCountry, numbers_without_plus };
}
