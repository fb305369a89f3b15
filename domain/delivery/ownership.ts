import { type Clock, SECOND } from '../clock.ts';
import type { ProviderId } from '../provider-id.ts';
import { lookAgain } from './backoff.ts';
import type { Delivery } from './delivery.ts';
import type { LookUp } from './outcome.ts';
import type { Deliveries, MessageOwners } from './ports.ts';
import { isAtProvider } from './status-rank.ts';

/*
 * Twilio keeps no reference of ours, so an attempt in doubt is looked for by what it sent, and an equal
 * message of another delivery looks the same. Whose it is:
 *
 *   settled by an answer      that delivery's record names the message
 *   being sent right now      not known yet: wait
 *   in doubt, like ours       whoever claims it first; the person then has as many as were meant
 *
 * A delivery writes down which message it is about to claim before it claims it, and takes up that
 * claim before it makes another. So whatever dies in between, no delivery ever holds two.
 */

export type OwnershipDeps = {
  readonly deliveries: Pick<Deliveries, 'swap'>;
  readonly owners: Pick<MessageOwners, 'claim'>;
  readonly clock: Clock;
};

type Owning = Delivery & { readonly providerMessageId: string };

export type Taking =
  /** It holds one now; `delivery` names it, which is still to be stored. */
  | { readonly kind: 'taken'; readonly delivery: Owning }
  /** Another delivery holds it. */
  | { readonly kind: 'anothers'; readonly delivery: Delivery }
  /** Somebody changed the delivery meanwhile: read it again. */
  | { readonly kind: 'changed' };

/** What the delivery set out to claim before, if that is its own now. */
export async function earlierClaim(
  delivery: Delivery,
  { owners }: Pick<OwnershipDeps, 'owners'>,
): Promise<Owning | undefined> {
  const { claiming } = delivery;
  const isOurs = claiming !== undefined && (await owners.claim(claiming, delivery));
  return isOurs ? owning(delivery, claiming) : undefined;
}

/** Claims a provider's message for a delivery that may have sent it, or takes up its earlier claim. */
export async function takeMessage(
  delivery: Delivery,
  providerMessageId: string,
  deps: OwnershipDeps,
): Promise<Taking> {
  const { deliveries, owners, clock } = deps;
  const earlier = await earlierClaim(delivery, deps);
  if (earlier) return { kind: 'taken', delivery: earlier };
  if (delivery.claiming === providerMessageId) return { kind: 'anothers', delivery };

  const version = delivery.version + 1;
  const next = { ...delivery, claiming: providerMessageId, version, updatedAt: clock() };
  if (!(await deliveries.swap(next))) return { kind: 'changed' };
  return (await owners.claim(providerMessageId, next))
    ? { kind: 'taken', delivery: owning(next, providerMessageId) }
    : { kind: 'anothers', delivery: next };
}

function owning({ claiming: _done, ...delivery }: Delivery, providerMessageId: string): Owning {
  return { ...delivery, providerMessageId };
}

/**
 * The delivery that a provider's report names, once the reported message is its own. A message that it
 * had in doubt may have been claimed by another delivery with the same text meanwhile: the report then
 * settles nothing, and the doubt stays. Costs nothing but for a message that nobody has an answer about.
 */
export async function reportedOn(
  delivery: Delivery,
  report: { readonly provider: ProviderId; readonly providerMessageId: string },
  deps: OwnershipDeps,
): Promise<Delivery | 'anothers' | 'changed'> {
  const isCertain =
    report.provider !== 'twilio' ||
    isAtProvider(delivery.status) ||
    isFirstFlight(delivery, deps.clock());
  if (isCertain) return delivery;
  const taking = await takeMessage(delivery, report.providerMessageId, deps);
  return taking.kind === 'taken' ? taking.delivery : taking.kind;
}

/** It is being sent for the first time, so no other delivery can have claimed what it sent. */
const isFirstFlight = (delivery: Delivery, now: number): boolean =>
  delivery.lease !== undefined &&
  delivery.lease.until > now &&
  delivery.doubt === undefined &&
  delivery.attempts === 0 &&
  delivery.replayNo === 0;

export type Recognition =
  | { readonly kind: 'accepted'; readonly delivery: Owning }
  | { readonly kind: 'absent' | 'inconclusive'; readonly delivery: Delivery }
  | { readonly kind: 'wait'; readonly seconds: number; readonly delivery: Delivery };

type Candidates = Extract<LookUp, { kind: 'candidates' }>;

type Asking = {
  readonly receiveCount: number;
  /** A delivery that was stored less than this ago may not be found by its recipient yet. */
  readonly unseenForMs: number;
};

/** Finds out which of a provider's messages, if any, is the one that `delivery` has in doubt. */
export async function recognise(
  delivery: Delivery,
  recipient: string,
  { messages, hasMore = false }: Candidates,
  { receiveCount, unseenForMs }: Asking,
  deps: OwnershipDeps & { readonly owners: MessageOwners },
): Promise<Recognition> {
  const known = await deps.owners.deliveriesTo(delivery.recipient ?? recipient);
  if (known === undefined) return { kind: 'inconclusive', delivery };
  const others = known.filter(({ deliveryId }) => deliveryId !== delivery.deliveryId);
  const held = new Set(others.flatMap(({ providerMessageId }) => providerMessageId ?? []));
  const free = messages.filter(({ providerMessageId }) => !held.has(providerMessageId));

  const equal = free.flatMap(({ providerMessageId, equalSince }) =>
    equalSince === undefined ? [] : [{ providerMessageId, knownAt: equalSince + unseenForMs }],
  );
  const now = deps.clock();
  const wait = (until: number, waiting: Delivery): Recognition => {
    const seconds = lookAgain(Math.max(1, Math.ceil((until - now) / SECOND)), receiveCount);
    return { kind: 'wait', seconds, delivery: waiting };
  };
  const underWay = others.find((other) => isBeingSent(other, now));
  if (equal.length > 0 && underWay?.lease) return wait(underWay.lease.until, delivery);

  let current = delivery;
  for (const { providerMessageId } of equal.filter(({ knownAt }) => knownAt <= now)) {
    const taking = await takeMessage(current, providerMessageId, deps);
    if (taking.kind === 'taken') return { kind: 'accepted', delivery: taking.delivery };
    if (taking.kind === 'changed') return wait(now, current);
    current = taking.delivery;
  }
  const young = equal.find(({ knownAt }) => knownAt > now);
  if (young) return wait(young.knownAt, current);
  const kind = hasMore || free.length > equal.length ? 'inconclusive' : 'absent';
  return { kind, delivery: current };
}

/** Its worker may have had the message accepted and not stored that yet. One in doubt only asks. */
const isBeingSent = (delivery: Delivery, now: number): boolean =>
  delivery.lease !== undefined &&
  delivery.lease.until > now &&
  delivery.doubt === undefined &&
  !isAtProvider(delivery.status);
