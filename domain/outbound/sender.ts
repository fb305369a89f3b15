import type { ProviderId } from '../provider-id.ts';
import { readSender } from './address.ts';
import type { Channel } from './channel.ts';
import type { MessageRequest } from './message-request.ts';
import type { Numbering } from './phone-number.ts';
import type { RulesOfProviders } from './provider-rules.ts';

/** The senders of one provider for creatives that name none. */
export type DefaultSenders = {
  readonly standard?: string | undefined;
  /** For SMS and MMS, by the prefix of the recipient's country, written `1` or `+1`. */
  readonly byCountry?: Readonly<Record<string, string>> | undefined;
};

/** The settings that choose a sender where the creative names none, and by which a sender is read. */
export type SenderSettings = Numbering & {
  readonly providers: RulesOfProviders;
  readonly defaultSenders: Readonly<Record<ProviderId, DefaultSenders>>;
};

export type Sender = Pick<MessageRequest, 'from' | 'fromSource'>;

/** What a sender is chosen for. */
export type SenderWanted = {
  /** As the creative names it; empty where it does not. */
  readonly from: string;
  readonly to: string;
  readonly provider: ProviderId;
  /** Undefined where nobody knows it: the sender is then looked for, and not read. */
  readonly channel: Channel | undefined;
};

export type SenderReading =
  | { readonly ok: true; readonly sender: Sender }
  | { readonly ok: false; readonly issue: string };

/** The sender of the longest country prefix that the number starts with. */
function countrySender(to: string, senders: Readonly<Record<string, string>>): string | undefined {
  const digits = (prefix: string) => prefix.trim().replace(/^\+/, '');
  return Object.entries(senders)
    .filter(([prefix]) => digits(prefix) !== '' && to.startsWith(`+${digits(prefix)}`))
    .sort(([a], [b]) => digits(b).length - digits(a).length)[0]?.[1];
}

/** Senders by country are numbers for SMS and MMS. Other channels have senders of their own. */
const sendsTexts = (channel: Channel | undefined): boolean =>
  channel === undefined || channel === 'SMS' || channel === 'MMS';

/**
 * The sender named in the creative, else for SMS and MMS the provider's sender for the recipient's
 * country, else the provider's default; undefined when none is configured.
 */
function chooseSender(given: SenderWanted, settings: SenderSettings): Sender | undefined {
  if (given.from !== '') return { from: given.from, fromSource: 'creative' };
  const { standard, byCountry = {} } = settings.defaultSenders[given.provider];
  const demo = sendsTexts(given.channel) ? countrySender(given.to, byCountry) : undefined;
  if (demo !== undefined) return { from: demo, fromSource: 'demo' };
  return standard ? { from: standard, fromSource: 'default' } : undefined;
}

/** The sender of a message: the one that is chosen, read as any sender is, for settings are written by people too. */
export function senderOf(wanted: SenderWanted, settings: SenderSettings): SenderReading {
  const chosen = chooseSender(wanted, settings);
  if (chosen === undefined) {
    return { ok: false, issue: `is missing, and ${wanted.provider} has no default sender` };
  }
  if (wanted.channel === undefined) return { ok: true, sender: chosen };
  const { channel, provider } = wanted;
  const reading = readSender(chosen.from, { channel, provider }, settings);
  return reading.ok ? { ok: true, sender: { ...chosen, from: reading.address } } : reading;
}

/** The sender that today's settings give a request, or undefined where they have none that its channel can use. */
export function senderFromSettings(
  { to, provider, channel }: Omit<SenderWanted, 'from'>,
  settings: SenderSettings,
): Sender | undefined {
  const found = senderOf({ from: '', to, provider, channel }, settings);
  return found.ok ? found.sender : undefined;
}
