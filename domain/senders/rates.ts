import * as z from 'zod';
import { segmentsOf } from '../content/segments.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { type SenderKind, senderKindOf, senderKinds, senderNameOf } from './sender.ts';

export const units = ['segments', 'messages'] as const;
export type Unit = (typeof units)[number];

/** What a sender may send. */
export type SenderLimit = {
  readonly perSecond: number;
  readonly unit: Unit;
  /** Units a day, UTC. */
  readonly dailyCap?: number | undefined;
};

/**
 * What providers allow each kind of sender unless they have raised it. A rate is limited to these only where
 * `sender_rates` says `default`; a sender without a limit that is throttled starts with them.
 * https://help.twilio.com/articles/115002943027 and https://www.twilio.com/docs/whatsapp/api
 */
export const kindDefaults: Readonly<Record<SenderKind, SenderLimit>> = {
  'long-code': { perSecond: 1, unit: 'segments' },
  'toll-free': { perSecond: 3, unit: 'segments' },
  'short-code': { perSecond: 100, unit: 'segments' },
  alphanumeric: { perSecond: 10, unit: 'segments' },
  'messaging-service': { perSecond: 10, unit: 'segments' },
  'sender-id': { perSecond: 10, unit: 'segments' },
  whatsapp: { perSecond: 80, unit: 'messages' },
  rcs: { perSecond: 100, unit: 'messages' },
  messenger: { perSecond: 40, unit: 'messages' },
  wechat: { perSecond: 10, unit: 'messages' },
  account: { perSecond: 100, unit: 'messages' },
};

const perSecond = z
  .number('is a number of units per second, "default" or {"rate": …}')
  .positive('is more than 0')
  .max(10_000, 'is at most 10,000');

/** One value of `sender_rates`: `3`, `"default"`, or `{"rate": 3, "unit": "messages", "daily_cap": 2000}`. */
export const senderRateSchema = z.preprocess(
  (value) => (typeof value === 'number' ? { rate: value } : value),
  z.union(
    [
      z.literal('default'),
      z.strictObject({
        rate: perSecond,
        unit: z.enum(units).optional(),
        daily_cap: z.number().int().positive().optional(),
      }),
    ],
    'is a rate of more than 0 and at most 10,000 units per second, "default", or {"rate", "unit", "daily_cap"}',
  ),
);
export type SenderRates = Readonly<Record<string, z.infer<typeof senderRateSchema>>>;

const isKind = (name: string): name is SenderKind => senderKinds.some((kind) => kind === name);

/** Why a name in `sender_rates` is neither a sender nor a kind; undefined where it may be one. */
export const rateNameIssue = (name: string): string | undefined =>
  isKind(name) || /[A-Z\d:]/.test(name)
    ? undefined
    : `is neither a sender nor a kind of sender (${senderKinds.join(', ')})`;

function limitBy(rate: SenderRates[string], kind: SenderKind): SenderLimit {
  const standard = kindDefaults[kind];
  if (rate === 'default') return standard;
  return {
    perSecond: rate.rate,
    unit: rate.unit ?? standard.unit,
    ...(rate.daily_cap === undefined ? {} : { dailyCap: rate.daily_cap }),
  };
}

/** The limit that the settings give a sender: by its own name, else by its kind; undefined for no limit. */
export function limitOf(
  request: Pick<MessageRequest, 'provider' | 'channel' | 'from'>,
  rates: SenderRates,
): SenderLimit | undefined {
  const kind = senderKindOf(request);
  const rate = rates[senderNameOf(request)] ?? rates[kind];
  return rate === undefined ? undefined : limitBy(rate, kind);
}

/** The limit of a tenant's whole account at a provider (`account`). */
export const accountLimitOf = (rates: SenderRates): SenderLimit | undefined =>
  rates.account === undefined ? undefined : limitBy(rates.account, 'account');

/** What sending a message takes of a limit. */
export const unitsOf = (request: Pick<MessageRequest, 'channel' | 'body'>, unit: Unit): number =>
  unit === 'segments' ? (segmentsOf(request)?.segments ?? 1) : 1;
