import type { SenderSettings } from '../../domain/outbound/sender.ts';
import type { Settings } from './config.ts';
import type { senderSettingNames } from './function-settings.ts';
import { numberingOf } from './numbering.ts';

/**
 * The settings by which senders are chosen and numbers read, for every function that does either: a
 * replay must read a setting just as a new event does.
 */
export const senderSettings = (config: Settings<typeof senderSettingNames>): SenderSettings => ({
  default_sender: config.default_sender,
  scg_default_sender: config.scg_default_sender,
  scg_demo_senders: config.scg_demo_senders,
  ...numberingOf(config),
});
