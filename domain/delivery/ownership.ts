import { type Clock, MINUTE, SECOND } from '../clock.ts';
import type { ProviderRules } from '../outbound/provider-rules.ts';
import type { ProviderId } from '../provider-id.ts';
import { lookAgain } from './backoff.ts';
import type { Delivery } from './delivery.ts';
import { inDoubtAfter } from './doubt.ts';
import type { Candidate, LookUp } from './outcome.ts';
import type { Deliveries, MessageOwners } from './ports.ts';
import { isAtProvider } from './status-rank.ts';

/*
 * A provider may keep no reference of ours (`keepsReference`). An attempt in doubt is then looked for by
 * what it sent, and an equal message of another delivery looks the same. Whose it is:
 *
 *   settled by an answer      that delivery's record names the message
 *   named by a status report  that delivery's: the report carries our reference
 *   being sent right now      not known yet: wait
 *   in doubt, like ours       not known: claimed only when there is a message for each such delivery,
 *                             so that all of them were accepted; otherwise a report decides
 *
 * Where the provider has no address to report to, nothing ever distinguishes equal messages. Then the
 * first to claim a message gets it, and the person receives as many as were meant.
 *
 * A delivery writes down which message it is about to claim before it claims it, and takes up that
 * claim before it makes another. So whatever dies in between, no look-up claims two.
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
  /** Someone changed the delivery meanwhile: read it again. */
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

type ReportDeps = Pick<OwnershipDeps, 'owners' | 'clock'> & {
  readonly providers: Readonly<Record<ProviderId, Pick<ProviderRules, 'keepsReference'>>>;
};

/**
 * The delivery that a provider's report names, with the message as its own. The report carries our
 * reference, so it is right even if a look-up gave the message to another delivery with the same text:
 * that one was accepted as well. The claim keeps look-ups of such deliveries away from the message. It
 * costs nothing but for a message that nobody has an answer about.
 */
export async function reportedOn(
  delivery: Delivery,
  report: { readonly provider: ProviderId; readonly providerMessageId: string },
  { owners, clock, providers }: ReportDeps,
): Promise<Delivery> {
  const { provider, providerMessageId } = report;
  const isCertain =
    providers[provider].keepsReference ||
    isAtProvider(delivery.status) ||
    isFirstFlight(delivery, clock());
  if (isCertain) return delivery;
  await owners.claim(providerMessageId, delivery);
  return owning(delivery, providerMessageId);
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
  /** `ambiguous`: an equal message is there, and another delivery in doubt may have sent it. */
  | { readonly kind: 'absent' | 'inconclusive' | 'ambiguous'; readonly delivery: Delivery }
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
  { messages, hasMore = false, isNeverReported = false }: Candidates,
  { receiveCount, unseenForMs }: Asking,
  deps: OwnershipDeps & { readonly owners: MessageOwners },
): Promise<Recognition> {
  const known = await deps.owners.deliveriesTo(delivery.recipient ?? recipient);
  if (known === undefined) return { kind: 'inconclusive', delivery };
  const others = known.filter(({ deliveryId }) => deliveryId !== delivery.deliveryId);
  const held = new Set(others.flatMap(({ providerMessageId }) => providerMessageId ?? []));
  const free = messages.filter(({ providerMessageId }) => !held.has(providerMessageId));
  const isOnly = free.length === 1 && !hasMore;
  const equal = free
    .filter(isEqual)
    .filter(({ isUnread }) => isUnread !== true || isOnly)
    .sort((a, b) => a.equalSince - b.equalSince);
  const unequal = free.length - equal.length;

  const now = deps.clock();
  const wait = (until: number, waiting: Delivery): Recognition => {
    const seconds = lookAgain(Math.max(1, Math.ceil((until - now) / SECOND)), receiveCount);
    return { kind: 'wait', seconds, delivery: waiting };
  };
  const notFound = (current: Delivery): Recognition => ({
    kind: hasMore || unequal > 0 ? 'inconclusive' : 'absent',
    delivery: current,
  });
  if (equal.length === 0) return notFound(delivery);

  const underWay = others.find((other) => isBeingSent(other, now));
  if (underWay?.lease) return wait(underWay.lease.until, delivery);
  const young = equal.find(({ equalSince }) => equalSince + unseenForMs > now);
  if (young) return wait(young.equalSince + unseenForMs, delivery);

  const rivals = isNeverReported ? [] : others.filter((other) => mayOwn(other, delivery, equal));
  if (equal.length <= rivals.length) return { kind: 'ambiguous', delivery };

  let current = delivery;
  for (const { providerMessageId } of inTurn(equal, delivery, rivals)) {
    const taking = await takeMessage(current, providerMessageId, deps);
    if (taking.kind === 'taken') return { kind: 'accepted', delivery: taking.delivery };
    if (taking.kind === 'changed') return wait(now, current);
    current = taking.delivery;
  }
  // Another delivery claimed them all a moment ago.
  return isNeverReported ? notFound(current) : { kind: 'ambiguous', delivery: current };
}

type Equal = Candidate & { readonly equalSince: number };

const isEqual = (message: Candidate): message is Equal => message.equalSince !== undefined;

/**
 * Messages in the order in which this delivery tries to claim them. Each of several deliveries starts
 * with another one, the earliest with the earliest, which is most likely its own.
 */
function inTurn(
  messages: readonly Equal[],
  delivery: Delivery,
  rivals: readonly Delivery[],
): readonly Equal[] {
  const began = ({ doubt }: Pick<Delivery, 'doubt'>): number => doubt?.from ?? 0;
  const turn = rivals.filter((rival) => began(rival) < began(delivery)).length;
  return [...messages.slice(turn), ...messages.slice(0, turn)];
}

/** Beyond what the clocks of workers and the provider are known to differ by. */
const WINDOW_MARGIN = 2 * MINUTE;

/** Whether an attempt of `other` that is in doubt may have sent one of these messages. */
function mayOwn(other: Delivery, ours: Delivery, messages: readonly Equal[]): boolean {
  const doubt = inDoubtAfter(other);
  if (doubt === undefined || isAtProvider(other.status)) return false;
  const isOfTheTime = ({ equalSince }: Equal): boolean =>
    equalSince >= doubt.from - WINDOW_MARGIN && equalSince <= doubt.to + WINDOW_MARGIN;
  const mayBeText = ({ isLonger, isUnread }: Equal): boolean =>
    isLonger === true || isUnread === true || maySaySame(other, ours);
  return messages.some((message) => isOfTheTime(message) && mayBeText(message));
}

/** Deliveries of older versions do not say what they tried. */
const maySaySame = (a: Delivery, b: Delivery): boolean =>
  a.tried === undefined || b.tried === undefined || a.tried.content === b.tried.content;

/** Its worker may have had the message accepted and not stored that yet. One in doubt only asks. */
const isBeingSent = (delivery: Delivery, now: number): boolean =>
  delivery.lease !== undefined &&
  delivery.lease.until > now &&
  delivery.doubt === undefined &&
  !isAtProvider(delivery.status);
