import * as z from 'zod';
import { senderOfAnother } from '../../domain/outbound/address.ts';
import type { DefaultSenders, SenderSettings } from '../../domain/outbound/sender.ts';
import { forEachProvider, type ProviderId } from '../../domain/provider-id.ts';
import { providerRules } from '../../providers/registry.ts';
import { ConfigError, type Settings } from './config.ts';
import { numberingOf } from './numbering.ts';
import type { defaultSenderSettings, senderSettingNames } from './setting-groups.ts';

const defaultSendersSchema = z.object({
  standard: z.string().optional(),
  byCountry: z.record(z.string(), z.string()).optional(),
});

/**
 * The senders for creatives that name none, from the settings that each provider names. Throws
 * `ConfigError` for one that only another provider has: every event that needs it would be refused.
 */
export function defaultSenders(
  config: Settings<typeof defaultSenderSettings>,
): Readonly<Record<ProviderId, DefaultSenders>> {
  const settings = new Map<string, unknown>(Object.entries(config));
  return forEachProvider((id) => {
    const { standard, byCountry } = providerRules[id].senders.settings;
    const senders = defaultSendersSchema.parse({
      standard: settings.get(standard),
      byCountry: byCountry && settings.get(byCountry),
    });
    if (senders.standard) checkSender(id, standard, senders.standard);
    for (const sender of Object.values(senders.byCountry ?? {})) {
      checkSender(id, byCountry ?? standard, sender);
    }
    return senders;
  });
}

function checkSender(id: ProviderId, setting: string, sender: string): void {
  const issue = senderOfAnother(id, sender, providerRules);
  if (issue !== undefined) throw new ConfigError(`${setting}: ${issue}.`);
}

/**
 * The settings by which senders are chosen and numbers read, for every function that does either: a
 * replay must read a setting just as a new event does.
 */
export const senderSettings = (config: Settings<typeof senderSettingNames>): SenderSettings => ({
  providers: providerRules,
  defaultSenders: defaultSenders(config),
  ...numberingOf(config),
});
