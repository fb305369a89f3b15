import { DAY } from '../clock.ts';
import type { Issue } from '../http.ts';
import type { ProviderId } from '../provider-id.ts';
import { readRecipient } from './address.ts';
import { type Channel, channels } from './channel.ts';
import { type Creative, readCreative } from './creative.ts';
import { chooseChannel } from './creative-channel.ts';
import type { UnknownFields } from './creative-field.ts';
import type { OutboundEvent } from './event.ts';
import type { MessageRequest } from './message-request.ts';
import { countryOf } from './phone-number.ts';
import { priorityOf } from './priority.ts';
import type { Capabilities } from './provider-rules.ts';
import { type SenderSettings, senderOf } from './sender.ts';
import { templateIssues, templateOf } from './template-fields.ts';
import { ownCategories, readTiming, type TimingReading, type TimingSettings } from './timing.ts';

/** The settings that a creative is read by. */
export type ComposeSettings = SenderSettings & {
  /** `near` where it is not set. */
  readonly creative_unknown_fields?: UnknownFields | undefined;
  /** Ids and codes of tasks whose messages have priority; none where it is not set. */
  readonly priority_tasks?: readonly string[] | undefined;
  /** What the fields about time are read by; categories of our own where it is not set. */
  readonly timing?: TimingSettings | undefined;
};

export type Composed =
  | { readonly kind: 'request'; readonly request: MessageRequest }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

function isHttps(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' && parsed.hostname !== '';
}

/** What the provider would refuse, found before it costs a place in the queue. */
function* limitsBroken(
  creative: Creative,
  { maxBodyLength, maxMedia, bodyIssue }: Capabilities,
  channel: Channel | undefined,
): Generator<Issue> {
  const { body, mediaUrls } = creative;
  if (mediaUrls.length > maxMedia) {
    yield { field: 'MEDIA_URLS', issue: `names more than ${maxMedia} media` };
  }
  const bad = mediaUrls.findIndex((url) => !isHttps(url));
  if (bad !== -1) yield { field: 'MEDIA_URLS', issue: `URL ${bad + 1} is not an https URL` };
  if (body === '' && mediaUrls.length === 0 && creative.template === undefined) {
    yield { field: 'body', issue: 'is missing' };
  }
  const unreadable = channel && bodyIssue?.(body, channel);
  if (unreadable) yield { field: 'body', issue: unreadable };
  // Counted in characters as a person counts them, which is never more than the provider counts.
  if (maxBodyLength !== undefined && [...body].length > maxBodyLength) {
    yield { field: 'body', issue: `is longer than ${maxBodyLength} characters` };
  }
}

const hasIssue = (issues: readonly Issue[], field: string): boolean =>
  issues.some((issue) => issue.field === field);

function* channelIssues(
  channel: Channel | undefined,
  { channels: available }: Capabilities,
  provider: ProviderId,
): Generator<Issue> {
  if (channel === undefined) {
    yield { field: 'CHANNEL', issue: `is none of ${channels.join(', ')}` };
  } else if (!available.includes(channel)) {
    yield { field: 'CHANNEL', issue: `${channel} is not available through ${provider}` };
  }
}

/** Adds an issue, unless the field already has one. */
function addOnce(issues: Issue[], field: string, issue: string): void {
  if (!hasIssue(issues, field)) issues.push({ field, issue });
}

/** The address in TO; undefined where the channel, and with it the form of an address, is not known. */
function recipientOf(to: string, channel: Channel | undefined, settings: ComposeSettings) {
  if (to === '') return { ok: false, issue: 'is missing' } as const;
  return channel === undefined ? undefined : readRecipient(to, channel, settings);
}

/** The message request that an event's creative asks for, or everything that is wrong with it. */
export function composeRequest(
  event: OutboundEvent,
  provider: ProviderId,
  settings: ComposeSettings,
  now: number,
): Composed {
  const { creative, issues: misread } = readCreative(
    event.creative,
    settings.creative_unknown_fields,
  );
  if (creative === undefined) return { kind: 'invalid', issues: misread };
  const issues: Issue[] = [...misread];

  const { capabilities } = settings.providers[provider];
  const { channel } = chooseChannel(creative);
  issues.push(...channelIssues(channel, capabilities, provider));
  const isMisread = creative.to !== '' && hasIssue(issues, 'TO');
  const recipient = isMisread ? undefined : recipientOf(creative.to, channel, settings);
  if (recipient?.ok === false) issues.push({ field: 'TO', issue: recipient.issue });
  const to = recipient?.ok ? recipient.address : '';
  const sender = senderOf({ from: creative.from, to, provider, channel }, settings);
  if (!sender.ok) addOnce(issues, 'FROM', sender.issue);
  issues.push(...limitsBroken(creative, capabilities, channel));
  const priority = priorityOf(creative, event, settings.priority_tasks ?? []);
  if (!priority.ok) addOnce(issues, 'PRIORITY', priority.issue);
  if (channel !== undefined)
    issues.push(...templateIssues(creative, channel, settings.providers[provider]));
  const country = countryOf(to);
  const timing = timingOf(creative, { to, country }, settings, now);
  issues.push(...timing.issues);
  if (issues.length > 0 || channel === undefined || !sender.ok) {
    return { kind: 'invalid', issues };
  }

  const isHigh = priority.ok && priority.priority === 'high';
  const parts = {
    provider,
    channel,
    to,
    country,
    sender: sender.sender,
    isHigh,
    timing: timing.timing,
  };
  return { kind: 'request', request: requestOf(event, creative, parts, now) };
}

const defaultTiming: TimingSettings = {
  categories: ownCategories,
  zonePolicy: 'all',
  holdMaxMs: 2 * DAY,
};

/** Nothing for a creative that says nothing about its time: most do not. */
const timingOf = (
  { timing }: Creative,
  person: { readonly to: string; readonly country: string | undefined },
  settings: ComposeSettings,
  now: number,
): TimingReading =>
  timing === undefined
    ? { timing: {}, issues: [] }
    : readTiming(timing, person, settings.timing ?? defaultTiming, now);

/** What composing has found out about a message. */
type Parts = {
  readonly provider: ProviderId;
  readonly channel: Channel;
  readonly to: string;
  readonly sender: Extract<ReturnType<typeof senderOf>, { ok: true }>['sender'];
  readonly country: string | undefined;
  readonly isHigh: boolean;
  readonly timing: TimingReading['timing'];
};

function requestOf(
  event: OutboundEvent,
  creative: Creative,
  { provider, channel, to, country, sender, isHigh, timing }: Parts,
  now: number,
): MessageRequest {
  const template = templateOf(creative, channel);
  return {
    v: template ? 2 : 1,
    guid: event.guid,
    tenantId: event.tenantId,
    provider,
    channel,
    to,
    ...(country ? { country } : {}),
    ...sender,
    body: creative.body,
    mediaUrls: [...creative.mediaUrls],
    ...(template ? { template } : {}),
    identityId: event.identityId,
    externalCode: event.externalCode,
    responseTrackingCode: event.responseTrackingCode,
    taskId: event.taskId,
    eventName: event.eventName,
    ...(isHigh ? { priority: 'high' } : {}),
    ...timing,
    // A time to come would keep the event fresh for as long again: it is no newer than now.
    generatedAt: Math.min(event.generatedAt, now),
    acceptedAt: now,
  };
}
