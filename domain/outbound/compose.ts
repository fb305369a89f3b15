import type { CountryCode } from 'libphonenumber-js/min';
import type { Issue } from '../http.ts';
import { type AddressReading, readRecipient, readSender } from './address.ts';
import { channelOfAddress } from './address-prefix.ts';
import { type Channel, capabilities, channels, type Provider } from './channel.ts';
import { type Creative, readCreative } from './creative.ts';
import type { OutboundEvent } from './event.ts';
import type { MessageRequest } from './message-request.ts';
import { chooseSender, type SenderSettings } from './sender.ts';

export type ComposeSettings = SenderSettings & {
  /** Country of numbers written without one. */
  readonly defaultCountry?: CountryCode | undefined;
};

export type Composed =
  | { readonly kind: 'request'; readonly request: MessageRequest }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/**
 * The channel named by CHANNEL, else by the prefix of an address, else MMS with media and SMS
 * without. Media make an SMS an MMS: both providers send it as one whatever it is called.
 * Undefined when CHANNEL is a word that we do not know.
 */
function channelOf(creative: Creative): Channel | undefined {
  const word = creative.channel.toUpperCase();
  const named =
    word === ''
      ? (channelOfAddress(creative.to) ?? channelOfAddress(creative.from) ?? 'SMS')
      : channels.find((channel) => channel === word);
  return named === 'SMS' && creative.mediaUrls.length > 0 ? 'MMS' : named;
}

function isHttps(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' && parsed.hostname !== '';
}

/** What the provider would refuse, found before it costs a place in the queue. */
function* limitsBroken(creative: Creative, provider: Provider): Generator<Issue> {
  const { maxBodyLength, maxMedia } = capabilities[provider];
  const { body, mediaUrls } = creative;
  if (mediaUrls.length > maxMedia) {
    yield { field: 'MEDIA_URLS', issue: `names more than ${maxMedia} media` };
  }
  const bad = mediaUrls.findIndex((url) => !isHttps(url));
  if (bad !== -1) yield { field: 'MEDIA_URLS', issue: `URL ${bad + 1} is not an https URL` };
  if (body === '' && mediaUrls.length === 0) yield { field: 'body', issue: 'is missing' };
  // Counted in characters as a person counts them, which is never more than the provider counts.
  if (maxBodyLength !== undefined && [...body].length > maxBodyLength) {
    yield { field: 'body', issue: `is longer than ${maxBodyLength} characters` };
  }
}

/** The message request that an event's creative asks for, or everything that is wrong with it. */
export function composeRequest(
  event: OutboundEvent,
  provider: Provider,
  settings: ComposeSettings,
  now: number,
): Composed {
  const { creative, issues: misread } = readCreative(event.creative);
  if (creative === undefined) return { kind: 'invalid', issues: misread };
  const issues: Issue[] = [...misread];

  const channel = channelOf(creative);
  if (channel === undefined) {
    issues.push({ field: 'CHANNEL', issue: `is none of ${channels.join(', ')}` });
  } else if (!capabilities[provider].channels.includes(channel)) {
    issues.push({ field: 'CHANNEL', issue: `${channel} is not available through ${provider}` });
  }

  /** The address, or '' after an issue was noted. */
  const normalised = (
    field: 'TO' | 'FROM',
    raw: string,
    read: (raw: string, channel: Channel, country?: CountryCode) => AddressReading,
  ): string => {
    if (raw === '' || channel === undefined || issues.some((issue) => issue.field === field))
      return '';
    const reading = read(raw, channel, settings.defaultCountry);
    if (reading.ok) return reading.address;
    issues.push({ field, issue: reading.issue });
    return '';
  };
  if (creative.to === '') issues.push({ field: 'TO', issue: 'is missing' });
  const to = normalised('TO', creative.to, readRecipient);
  const chosen = chooseSender({ from: creative.from, to, provider }, settings);
  if (chosen === undefined) {
    issues.push({ field: 'FROM', issue: `is missing, and ${provider} has no default sender` });
  }
  const from = normalised('FROM', chosen?.from ?? '', readSender);
  issues.push(...limitsBroken(creative, provider));
  if (issues.length > 0 || channel === undefined || chosen === undefined) {
    return { kind: 'invalid', issues };
  }

  return {
    kind: 'request',
    request: {
      v: 1,
      guid: event.guid,
      tenantId: event.tenantId,
      provider,
      channel,
      to,
      from,
      fromSource: chosen.fromSource,
      body: creative.body,
      mediaUrls: [...creative.mediaUrls],
      identityId: event.identityId,
      externalCode: event.externalCode,
      responseTrackingCode: event.responseTrackingCode,
      taskId: event.taskId,
      eventName: event.eventName,
      // A time to come would keep the event fresh for as long again: it is no newer than now.
      generatedAt: Math.min(event.generatedAt, now),
      acceptedAt: now,
    },
  };
}
