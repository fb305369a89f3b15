import type { Provider } from './channel.ts';
import type { MessageRequest } from './message-request.ts';

/** The settings that choose a sender where the creative names none. */
export type SenderSettings = {
  readonly default_sender?: string | undefined;
  readonly scg_default_sender?: string | undefined;
  readonly scg_demo_senders: Readonly<Record<string, string>>;
};

export type ChosenSender = Pick<MessageRequest, 'from' | 'fromSource'>;

/** The sender of the longest country prefix that the number starts with. Prefixes may be written `1` or `+1`. */
function demoSender(to: string, senders: Readonly<Record<string, string>>): string | undefined {
  const digits = (prefix: string) => prefix.trim().replace(/^\+/, '');
  return Object.entries(senders)
    .filter(([prefix]) => digits(prefix) !== '' && to.startsWith(`+${digits(prefix)}`))
    .sort(([a], [b]) => digits(b).length - digits(a).length)[0]?.[1];
}

/**
 * The sender named in the creative, else SCG's sender for the recipient's country, else the
 * provider's default; undefined when none is configured. `scg_demo_senders` holds SCG's sender ids,
 * which mean nothing to Twilio, so it is for SCG alone.
 */
export function chooseSender(
  given: { readonly from: string; readonly to: string; readonly provider: Provider },
  settings: SenderSettings,
): ChosenSender | undefined {
  if (given.from !== '') return { from: given.from, fromSource: 'creative' };
  if (given.provider === 'scg') {
    const demo = demoSender(given.to, settings.scg_demo_senders);
    if (demo !== undefined) return { from: demo, fromSource: 'demo' };
  }
  const byProvider = { twilio: settings.default_sender, scg: settings.scg_default_sender };
  const standard = byProvider[given.provider];
  return standard ? { from: standard, fromSource: 'default' } : undefined;
}
