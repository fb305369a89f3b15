import type { Issue } from '../http.ts';
import type { Channel } from '../outbound/channel.ts';
import { type ComposeSettings, composeRequest } from '../outbound/compose.ts';
import { readCreative } from '../outbound/creative.ts';
import { type ChannelChoice, chooseChannel } from '../outbound/creative-channel.ts';
import type { OutboundEvent } from '../outbound/event.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { SmsSize } from '../outbound/ports.ts';
import type { ProviderId } from '../provider-id.ts';
import { codePoint } from './encode-text.ts';
import { notGsm7 } from './gsm7.ts';
import { merged, type Sample, withStandIn } from './merge.ts';
import { type ContentSettings, prepareContent } from './prepare.ts';
import { estimate } from './price.ts';
import type { PriceTable } from './price-table.ts';
import { segmentsOf } from './segments.ts';
import { smartEncoded } from './smart-encoding.ts';
import { textWarnings } from './text-warnings.ts';
import { unmergedTags } from './unmerged.ts';

export type CheckSettings = {
  readonly compose: ComposeSettings;
  readonly content: ContentSettings;
  readonly prices: PriceTable;
  /** Whether a text says how to opt out. */
  readonly mentionsOptOut: (text: string) => boolean;
};

export type ToCheck = {
  readonly provider: ProviderId;
  readonly tenantId: string;
  readonly creative: string;
  /** One message is made for each; without any, one with a recipient that stands in. */
  readonly samples: readonly Sample[];
};

/** One message as it would be queued, with where its parts came from. */
type Made = {
  readonly request: MessageRequest;
  readonly channelSource: ChannelChoice['source'];
  readonly sms: SmsSize | undefined;
};

/** What a creative becomes. Nothing of it is stored or sent. */
export type CreativeCheck = {
  readonly first: Made | undefined;
  readonly messages: number;
  readonly segments: { readonly min: number; readonly max: number } | undefined;
  readonly encoding: SmsSize['encoding'] | undefined;
  readonly offending: readonly { character: string; codePoint: string; position: number }[];
  readonly price: { readonly min: number; readonly max: number } | undefined;
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
};

const eventOf = (tenantId: string, creative: string, now: number): OutboundEvent => ({
  guid: 'check',
  tenantId,
  identityId: 'check',
  generatedAt: now,
  creative,
  isControlGroup: false,
  eventName: '',
  externalCode: '',
  responseTrackingCode: '',
  taskId: '',
});

function make(
  { provider, tenantId }: ToCheck,
  creative: string,
  { compose, content }: CheckSettings,
  now: number,
): Made | { readonly issues: readonly Issue[] } {
  const composed = composeRequest(eventOf(tenantId, creative, now), provider, compose, now);
  if (composed.kind === 'invalid') return composed;
  const prepared = prepareContent(content)(composed.request);
  if (prepared.kind === 'invalid') return prepared;
  const { creative: read } = readCreative(creative, compose.creative_unknown_fields);
  const { request, sms } = prepared;
  return { request, sms, channelSource: read ? chooseChannel(read).source : 'default' };
}

/** A dash or a quote that makes a message longer, and what `encoding: smart` would save. */
function* encodingWarnings({ request, sms }: Made): Generator<Issue> {
  if (sms?.encoding !== 'UCS-2') return;
  const [first] = notGsm7(request.body);
  const smart = segmentsOf({ channel: request.channel, body: smartEncoded(request.body) });
  if (first === undefined || smart === undefined) return;
  const cost =
    smart.encoding === 'GSM-7' && smart.segments < sms.segments
      ? `: ${sms.segments} segments instead of ${smart.segments} (encoding: smart replaces it)`
      : ', so a segment has 70 characters and not 160';
  yield { field: 'body', issue: `“${first.character}” is not GSM-7${cost}` };
}

const textChannels: readonly Channel[] = ['SMS', 'MMS'];

function* warningsAbout(made: Made, settings: CheckSettings): Generator<Issue> {
  const { body, channel } = made.request;
  for (const tag of unmergedTags(body)) {
    yield { field: 'body', issue: `has the merge tag ${tag}, for which no sample has a value` };
  }
  yield* textWarnings(body);
  yield* encodingWarnings(made);
  if (textChannels.includes(channel) && !settings.mentionsOptOut(body)) {
    const issue = 'does not say how to opt out (“Reply STOP to end”); marketing messages must';
    yield { field: 'body', issue };
  }
}

/** Words before a colon that the tenant's setting sends as text, and that look like fields. */
const looseFields = (creative: string, settings: CheckSettings): readonly Issue[] =>
  settings.compose.creative_unknown_fields === 'text' ? readCreative(creative, 'near').issues : [];

const unique = (issues: readonly Issue[]): readonly Issue[] => [
  ...new Map(issues.map((issue) => [`${issue.field} ${issue.issue}`, issue])).values(),
];

const range = (values: readonly number[]) =>
  values.length === 0 ? undefined : { min: Math.min(...values), max: Math.max(...values) };

/** What a creative becomes, for each sample of data, and all that is wrong with it. */
export function checkCreative(
  toCheck: ToCheck,
  settings: CheckSettings,
  now: number,
): CreativeCheck {
  const { creative, samples } = toCheck;
  const creatives =
    samples.length === 0 ? [withStandIn(creative)] : samples.map((one) => merged(creative, one));
  const made: Made[] = [];
  const errors: Issue[] = [];
  for (const one of creatives) {
    const result = make(toCheck, one, settings, now);
    if ('issues' in result) errors.push(...result.issues);
    else made.push(result);
  }
  const worst = made.toSorted((a, b) => (b.sms?.segments ?? 0) - (a.sms?.segments ?? 0))[0];
  const ucs2 = made.find(({ sms }) => sms?.encoding === 'UCS-2');
  const prices = made.map(({ request, sms }) =>
    estimate(request, sms?.segments ?? 1, settings.prices),
  );
  return {
    first: made[0],
    messages: creatives.length,
    segments: range(made.flatMap(({ sms }) => sms?.segments ?? [])),
    encoding: ucs2?.sms?.encoding ?? worst?.sms?.encoding,
    offending: ucs2
      ? notGsm7(ucs2.request.body).map(({ character, position }) => ({
          character,
          codePoint: codePoint(character),
          position,
        }))
      : [],
    price: range(prices.filter((price) => price !== undefined)),
    errors: unique(errors),
    warnings: unique([
      ...looseFields(creative, settings),
      ...made.flatMap((one) => [...warningsAbout(one, settings)]),
    ]),
  };
}
