import * as z from 'zod';
import { HOUR, SECOND } from '../clock.ts';
import { deliveryStatuses } from '../delivery/delivery.ts';
import { isAtProvider } from '../delivery/status-rank.ts';

/*
 * What one delivery adds to the totals of its campaign. Totals are the sum of this over all deliveries,
 * so a change of a delivery adds what it counts for now and takes away what it counted for before.
 */

/** A delivery as far as it is counted. Statuses that are not known here count as `other`. */
export const countedSchema = z.object({
  tenantId: z.string(),
  guid: z.string(),
  taskId: z.string(),
  externalCode: z.string().default(''),
  provider: z.string(),
  channel: z.string(),
  country: z.string().optional(),
  status: z.string(),
  tried: z.object({ sender: z.string(), segments: z.number().optional() }).optional(),
  doubt: z.unknown().optional(),
  held: z.object({ reason: z.string() }).optional(),
  lastError: z.object({ class: z.string(), code: z.string() }).optional(),
  replayNo: z.number().default(0),
  reports: z.record(z.string(), z.unknown()).optional(),
  acceptedAt: z.number().optional(),
  sentAt: z.number().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Counted = z.infer<typeof countedSchema>;

/** What totals are kept apart by. `hour` is that of acceptance, in UTC: `2026-11-20T09`. */
export type TotalsKey = {
  readonly tenantId: string;
  readonly taskId: string;
  readonly hour: string;
  readonly provider: string;
  readonly channel: string;
  readonly country: string;
  readonly sender: string;
};

/** Counts by name; a name that is not there is 0. Names are in `docs/campaigns.md`. */
export type Counts = Readonly<Record<string, number>>;

/** Where a delivery stands. Every delivery counts in exactly one of these. */
const states = [
  'waiting',
  'held',
  'inDoubt',
  'sent',
  'delivered',
  'read',
  'undelivered',
  'canceled',
  'failed',
  'expired',
  'other',
] as const;
type State = (typeof states)[number];

/** SCG's words for a click on a tracked link. */
const clicks = ['CLICKED', 'CLICKTHRU', 'CONVERTED'];

const isOneOf = <T extends string>(values: readonly T[], value: string): value is T =>
  values.some((each) => each === value);

function stateOf({ status, doubt }: Counted): State {
  if (status === 'sending' || status === 'unknown') {
    return doubt === undefined && status === 'sending' ? 'waiting' : 'inDoubt';
  }
  return isOneOf(states, status) ? status : 'other';
}

const hasFailed = (state: State): boolean =>
  state === 'failed' || state === 'expired' || state === 'undelivered';

export const hourOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13);

/** The totals that a delivery counts in; undefined for one that belongs to no task. */
export function totalsKeyOf(delivery: Counted): TotalsKey | undefined {
  if (delivery.taskId === '') return undefined;
  return {
    tenantId: delivery.tenantId,
    taskId: delivery.taskId,
    hour: hourOf(acceptedAt(delivery)),
    provider: delivery.provider,
    channel: delivery.channel,
    country: delivery.country ?? '',
    sender: delivery.tried?.sender ?? '',
  };
}

const acceptedAt = (delivery: Counted): number => delivery.acceptedAt ?? delivery.createdAt;

/** What a delivery that the provider has counts for besides: its segments, and how long it took. */
function countsOfSent(delivery: Counted): Counts {
  const { replayNo, sentAt, tried } = delivery;
  const segments = tried?.segments;
  // A replay starts when an operator starts it: its duration says nothing about the service.
  const took = sentAt === undefined || replayNo > 0 ? undefined : sentAt - acceptedAt(delivery);
  return {
    ...(segments === undefined ? {} : { segments, segmentsOf: 1 }),
    ...(took === undefined ? {} : { timed: 1 }),
    ...(took !== undefined && took <= 10 * SECOND ? { within10s: 1 } : {}),
    ...(took !== undefined && took <= 60 * SECOND ? { within60s: 1 } : {}),
  };
}

/** What a delivery counts for. */
export function countsOf(delivery: Counted): Counts {
  const { lastError, held, replayNo, reports, status } = delivery;
  const state = stateOf(delivery);
  const counts: Record<string, number> = { accepted: 1, [state]: 1 };
  const add = (name: string, value = 1) => {
    counts[name] = value;
  };
  if (held !== undefined && state === 'held') add(`held:${held.reason}`);
  if (replayNo > 0) add('replayed');
  if (hasFailed(state)) {
    const { class: failureClass, code } = lastError ?? { class: 'unknown', code: 'no-code' };
    add(`error:${state}:${failureClass}:${code.slice(0, 64)}`);
  }
  if (isOneOf(deliveryStatuses, status) && isAtProvider(status)) {
    Object.assign(counts, countsOfSent(delivery));
  }
  if (clicks.some((word) => reports?.[word] !== undefined)) add('clicked');
  return counts;
}

/** Hours that have begun and of which every delivery is still kept, from this one on. */
export const firstFullHour = (now: number, deliveryTtlSeconds: number): string =>
  hourOf(now - deliveryTtlSeconds * SECOND + HOUR);
