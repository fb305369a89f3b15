import { numberingCountry } from '../../domain/outbound/address.ts';
import type { SenderSettings } from '../../domain/outbound/sender.ts';
import { type Config, ConfigError } from './config.ts';

/**
 * The settings by which senders are chosen and numbers read, for every function that does either: a
 * replay must read a setting just as a new event does.
 */
export function senderSettings(config: Config): SenderSettings {
  const { default_country: country } = config;
  const defaultCountry = country === undefined ? undefined : numberingCountry(country);
  if (country !== undefined && defaultCountry === undefined) {
    throw new ConfigError('default_country: is not a country that has telephone numbers.');
  }
  const { default_sender, scg_default_sender, scg_demo_senders } = config;
  return { default_sender, scg_default_sender, scg_demo_senders, defaultCountry };
}
