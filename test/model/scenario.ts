import { HOUR, MINUTE, SECOND } from '../../domain/clock.ts';
import type { ProviderId } from '../../domain/provider-id.ts';
import { type Chance, chanceOf } from './random.ts';

/** What can make a run harder than plain faults do. Each is switched on by chance, run by run. */
export const dimensions = {
  'sender-changes': 'the default sender changes between posts, and before replays',
  'both-routes': 'one event is posted to the routes of both providers',
  'ignore-ttl': 'events outlive event_ttl, and replays lift it',
  'repeated-steps': 'a step of a replay runs twice, at once or long after',
  'rewritten-texts': 'Twilio stores other characters than it was given',
  'bare-listings': 'Twilio lists messages without their date, sender or recipient',
  twins: 'two events have one text, sender and recipient',
  'clock-skew': 'clocks of workers differ by up to 30 s',
  callbacks: 'statuses come at any time, also before the answer, and twice',
  redrive: 'a queue gives a record up after a few receives',
  holds: 'an operator holds, resumes and stops campaigns',
  'superseded-copies': 'a copy older than the replay at work must change nothing',
} as const;
export type Dimension = keyof typeof dimensions;

const names = Object.keys(dimensions);
export const isDimension = (name: string): name is Dimension => names.includes(name);
export const allDimensions: readonly Dimension[] = names.filter(isDimension);

/** One event as CI360 posts it. */
export type Post = {
  readonly at: number;
  readonly guid: string;
  readonly route: ProviderId;
  readonly to: string;
  readonly body: string;
  /** Named in the creative; otherwise the default of that moment is taken. */
  readonly from?: string;
};

export type Scenario = {
  readonly on: ReadonlySet<Dimension>;
  readonly posts: readonly Post[];
  /** Times at which the default sender becomes the next one, ms from the start. */
  readonly senderChanges: readonly number[];
  readonly replays: readonly { readonly at: number; readonly ignoreTtl: boolean }[];
  /** Times at which an operator pauses, resumes or cancels some replay. */
  readonly controls: readonly number[];
  /** Times at which an operator holds, resumes or stops campaigns. */
  readonly holds: readonly number[];
  /** How often a call to the outside goes wrong. */
  readonly mishaps: number;
  /** How often a provider does anything but take the message. */
  readonly refusals: number;
  /** After this nothing goes wrong any more, ms from the start. */
  readonly calmAt: number;
  readonly eventTtlSeconds: number;
  readonly holdMaxMs: number;
  readonly maxAttempts: number;
  readonly maxReceives: number;
  readonly unknownPolicy: 'resend' | 'park';
  /** The provider's clock against ours, ms. */
  readonly providerAhead: number;
  /** In the end everything that failed is replayed once more, in calm. */
  readonly lastReplay: boolean;
};

export const defaultSenders: Record<ProviderId, readonly [string, ...string[]]> = {
  twilio: ['+12025550100', '+12025550101', `MG${'0'.repeat(31)}1`],
  scg: ['sender_id:one', 'sender_id:two', 'channel:three'],
};

const recipients = ['+12025550123', '+12025550145'] as const;
const texts = [
  'Your parcel is on its way; reply STOP to end.',
  'Your table is booked for tonight; see you soon.',
  'Hi; 50% off until Sunday.',
] as const;
/** What Twilio's Smart Encoding writes in plainer characters. */
const fancyTexts = [
  'Today • ½ price • “all” shoes – only now…',
  'It’s ‹ready›; ¼ paid ÷ 2 ´fine´',
  'Hi • now',
] as const;

/** Chooses everything about one run; `enabled` says what may be chosen. */
export function scenarioOf(seed: number, enabled: readonly Dimension[]): Scenario {
  const chance = chanceOf(seed);
  const on = new Set(enabled.filter(() => chance.happens(0.6)));
  const calmAt = chance.pick([10 * MINUTE, 30 * MINUTE, 2 * HOUR]);
  // Most of it happens soon after the posts, while their attempts are in doubt.
  const time = () =>
    chance.whole(0, (chance.happens(0.6) ? 10 * MINUTE : calmAt) / SECOND) * SECOND;
  const times = (most: number) =>
    Array.from({ length: chance.whole(0, most) }, time).sort((a, b) => a - b);

  return {
    on,
    posts: postsOf(chance, on, calmAt),
    senderChanges: on.has('sender-changes') ? [...times(3), chance.whole(10, 200) * SECOND] : [],
    replays: times(4).map((at) => ({
      at,
      ignoreTtl: on.has('ignore-ttl') && chance.happens(0.5),
    })),
    controls: times(3),
    holds: on.has('holds') ? times(6) : [],
    mishaps: chance.pick([0.02, 0.06, 0.15]),
    refusals: chance.pick([0.1, 0.3, 0.6]),
    calmAt,
    eventTtlSeconds: on.has('ignore-ttl') ? chance.pick([300, 1200]) : chance.pick([0, 7200]),
    holdMaxMs: on.has('holds') ? chance.pick([20 * MINUTE, 48 * HOUR]) : 48 * HOUR,
    maxAttempts: chance.pick([2, 8]),
    maxReceives: on.has('redrive') ? chance.pick([2, 5]) : 100,
    unknownPolicy: chance.pick(['resend', 'resend', 'park']),
    providerAhead: chance.pick([0, 0, -10 * MINUTE, 10 * MINUTE]),
    lastReplay: chance.happens(0.5),
  };
}

function postsOf(chance: Chance, on: ReadonlySet<Dimension>, calmAt: number): Post[] {
  const bodies = on.has('rewritten-texts') ? fancyTexts : texts;
  const events = Array.from({ length: chance.whole(1, 3) }, (_, no) => ({
    guid: `guid-${no + 1}`,
    route: chance.pick(['twilio', 'twilio', 'scg'] as const),
    to: chance.pick(recipients),
    body: bodies[no] ?? bodies[0],
    ...(chance.happens(0.25) ? { from: '+12025550177' } : {}),
  }));
  const [first, second] = events;
  const list =
    on.has('twins') && first && second
      ? [first, { ...first, guid: second.guid }, ...events.slice(2)]
      : events;
  return list.flatMap((event) => {
    const copies = on.has('sender-changes') ? chance.pick([1, 2, 3]) : chance.pick([1, 1, 2, 3]);
    return Array.from({ length: copies }, () => {
      const elsewhere = on.has('both-routes') && event.from === undefined && chance.happens(0.5);
      const other = event.route === 'twilio' ? ('scg' as const) : ('twilio' as const);
      // Most copies follow each other closely: CI360 repeats what it had no answer to.
      const at = chance.happens(0.7) ? chance.whole(0, 240) : chance.whole(0, calmAt / SECOND);
      return { ...event, at: at * SECOND, route: elsewhere ? other : event.route };
    });
  });
}
