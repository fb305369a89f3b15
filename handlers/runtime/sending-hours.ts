import { SECOND } from '../../domain/clock.ts';
import { ownCategories, type TimingSettings } from '../../domain/outbound/timing.ts';
import { type HoursSettings, sendingHours } from '../../domain/senders/hours.ts';
import type { Config } from './config.ts';

type Hours = Pick<Config, 'send_windows' | 'send_holidays' | 'zone_policy'>;

const hoursOf = (config: Hours): HoursSettings => ({
  windows: config.send_windows,
  holidays: config.send_holidays,
  zonePolicy: config.zone_policy,
});

/** When the hours of a message begin, by the settings. */
export const wireHours = (config: Hours) => sendingHours(hoursOf(config));

/** What the fields of a creative about its time are read by. */
export const timingSettings = (
  config: Pick<Config, 'send_windows' | 'zone_policy' | 'hold_max'>,
): TimingSettings => ({
  categories: [...new Set([...ownCategories, ...Object.keys(config.send_windows)])],
  zonePolicy: config.zone_policy,
  holdMaxMs: config.hold_max * SECOND,
});
