import type { Failure } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import type { Delivery } from './delivery.ts';
import { inDoubtAfter } from './doubt.ts';
import { noted } from './history.ts';
import { isAtProvider } from './status-rank.ts';
import { triedBy } from './tried.ts';

export type ClaimPolicy = {
  /** How long a worker may hold a delivery: longer than its own time limit. */
  readonly leaseMs: number;
  /** How long an attempt in doubt rests before the provider is asked about it. */
  readonly inDoubtGraceMs: number;
  /** How long after its latest claim a delivery is kept, and with it the memory that it was sent. */
  readonly deliveryTtlSeconds: number;
};

/** Who claims, and when (ms since 1970). `token` names this one claim. */
export type Claimant = {
  readonly now: number;
  readonly token: string;
  /** See `Delivery.addressHash`. */
  readonly addressHash?: string | undefined;
};

/** What a worker that holds a copy of a message request may do with it. */
export type ClaimDecision =
  /** Work on it, once `next` is stored. */
  | { readonly kind: 'take'; readonly next: Delivery }
  /** Another worker holds it, or it is in doubt and too fresh to ask about. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** A later replay of the message owns the delivery: this copy is of no use any more. */
  | { readonly kind: 'superseded' }
  /** The provider has it: this copy is a duplicate. */
  | { readonly kind: 'sent' }
  /** It has failed and no later replay asks for it: this copy goes where the first one went. */
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The first version of a delivery, claimed by whoever stores it. */
export function firstClaim(request: MessageRequest, by: Claimant, policy: ClaimPolicy): Delivery {
  const first: Delivery = {
    deliveryId: deliveryIdOf(request),
    tenantId: request.tenantId,
    guid: request.guid,
    ...triedBy(request),
    ...(request.country ? { country: request.country } : {}),
    taskId: request.taskId,
    identityId: request.identityId,
    externalCode: request.externalCode,
    responseTrackingCode: request.responseTrackingCode,
    ...(request.caller ? { caller: request.caller } : {}),
    status: 'sending',
    version: 1,
    attempts: 0,
    replayNo: request.replay?.no ?? 0,
    ...(request.replay ? { replayId: request.replay.id } : {}),
    lease: leaseFor(by, policy),
    acceptedAt: request.acceptedAt,
    createdAt: by.now,
    updatedAt: by.now,
    expireTs: keptUntil(by, policy),
    ...hashedBy(by),
  };
  return noted(first, claimedFor(request.replay !== undefined), by.now);
}

/**
 * Decides over a delivery that exists. One rule a paragraph, in this order: a copy that is older than
 * the replay that owns the delivery is dropped; what the provider has is never sent again; what failed
 * is taken only by a replay that it has not seen; a running lease is waited for; a lease that ran out
 * unsettled puts the attempt in doubt; an attempt in doubt rests for the grace; anything else is taken.
 * While something is in doubt the delivery goes on naming what was tried, not what this copy would try.
 */
export function decideClaim(
  current: Delivery,
  request: MessageRequest,
  by: Claimant,
  policy: ClaimPolicy,
): ClaimDecision {
  if (isSuperseded(current, request)) return { kind: 'superseded' };

  if (isAtProvider(current.status)) return { kind: 'sent' };

  const replayNo = request.replay?.no ?? 0;
  const replayed = replayNo > current.replayNo;

  if (!replayed && hasFailed(current)) {
    return { kind: 'failed', failure: current.lastError ?? lostReason };
  }

  if (current.lease && current.lease.until > by.now) {
    return { kind: 'wait', seconds: secondsUntil(current.lease.until, by.now) };
  }

  const lostWorker = current.lease !== undefined;
  const doubt = inDoubtAfter(current);
  if (doubt && by.now < doubt.to + policy.inDoubtGraceMs) {
    return { kind: 'wait', seconds: secondsUntil(doubt.to + policy.inDoubtGraceMs, by.now) };
  }

  const attempts = lostWorker ? current.attempts + 1 : current.attempts;
  const { lease: _ended, held: _over, ...kept } = current;
  const next: Delivery = {
    ...kept,
    ...heldSoFar(current, by.now),
    status: 'sending',
    version: current.version + 1,
    // A replay starts with a fresh budget.
    attempts: replayed ? 0 : attempts,
    replayNo: Math.max(replayNo, current.replayNo),
    ...(replayed && request.replay ? { replayId: request.replay.id } : {}),
    ...(doubt ? { doubt } : triedBy(request)),
    lease: leaseFor(by, policy),
    updatedAt: by.now,
    expireTs: Math.max(current.expireTs, keptUntil(by, policy)),
    ...hashedBy(by),
  };
  return { kind: 'take', next: noted(next, claimedFor(replayed), by.now) };
}

/** Whether a later replay than the one that this copy belongs to has claimed the delivery. */
export const isSuperseded = (
  delivery: Pick<Delivery, 'replayNo'>,
  request: Pick<MessageRequest, 'replay'>,
): boolean => (request.replay?.no ?? 0) < delivery.replayNo;

const hasFailed = ({ status }: Delivery): boolean => status === 'failed' || status === 'expired';

const lostReason: Failure = {
  class: 'unknown',
  code: 'reason-lost',
  message: 'The delivery failed and its reason was not recorded.',
};

/** All its holds together; the one that runs ends now. */
const heldSoFar = ({ held, heldForMs = 0 }: Delivery, now: number): Pick<Delivery, 'heldForMs'> =>
  held === undefined ? {} : { heldForMs: heldForMs + Math.max(0, now - held.since) };

const hashedBy = ({ addressHash }: Claimant) => (addressHash ? { addressHash } : {});

const claimedFor = (isReplay: boolean) => (isReplay ? 'claimed-for-replay' : 'claimed');

const leaseFor = (by: Claimant, policy: ClaimPolicy) => ({
  token: by.token,
  since: by.now,
  until: by.now + policy.leaseMs,
});

const keptUntil = (by: Claimant, policy: ClaimPolicy): number =>
  Math.ceil(by.now / 1000) + policy.deliveryTtlSeconds;

const secondsUntil = (time: number, now: number): number =>
  Math.max(1, Math.ceil((time - now) / 1000));
