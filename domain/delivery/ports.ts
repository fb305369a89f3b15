import type { Failure } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { Delivery, Hold, HoldReason } from './delivery.ts';
import type { InDoubt, LookUp, Outcome } from './outcome.ts';

/** Deliveries as a compare-and-swap store: every rule about them is a pure function of the record. */
export type Deliveries = {
  /** Puts a first version (`version: 1`). False when the delivery exists already. */
  readonly insert: (delivery: Delivery) => Promise<boolean>;
  /** A strongly consistent read. */
  readonly get: (deliveryId: string) => Promise<Delivery | undefined>;
  /** Replaces version `next.version - 1`. False when another writer was first. */
  readonly swap: (next: Delivery) => Promise<boolean>;
};

/** Which delivery a message of a provider belongs to, where the provider keeps no reference of ours. */
export type MessageOwners = {
  /**
   * The deliveries to a recipient (`Delivery.recipient`), of every tenant, each read consistently. One
   * that was first stored a moment ago may be missing. Undefined where there are too many to read.
   */
  readonly deliveriesTo: (recipient: string) => Promise<readonly Delivery[] | undefined>;
  /** Makes a message this delivery's own permanently. False when another delivery has it. Safe to repeat. */
  readonly claim: (
    providerMessageId: string,
    by: Pick<Delivery, 'deliveryId' | 'expireTs'>,
  ) => Promise<boolean>;
};

/** A provider as the worker sees it. Never throws for anything a provider can do; a bug may. */
export type MessageGateway = {
  /**
   * `signal` ends the wait for the provider; what it cuts off after the request was written is `unknown`. A
   * provider that queues messages drops it at `expiresAt` (ms since 1970); undefined where the message never expires.
   */
  readonly send: (
    request: MessageRequest,
    secret: TenantSecret,
    signal: AbortSignal,
    expiresAt?: number | undefined,
  ) => Promise<Outcome>;
  /** Asks whether an attempt of this request, with this very sender, was accepted. */
  readonly lookUp: (
    request: MessageRequest,
    secret: TenantSecret,
    attempt: InDoubt,
    signal: AbortSignal,
  ) => Promise<LookUp>;
};

/** What is known of a message when it is asked whether it may leave. */
type Leaving = {
  readonly request: MessageRequest;
  /** How long it was held before, ms. */
  readonly heldForMs: number;
  readonly now: number;
};

export type LeaveDecision =
  | { readonly kind: 'send' }
  /** Not before `until`, or until someone releases it. */
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly until: number }
  /** An operator stopped its campaign: it is kept for a replay. */
  | { readonly kind: 'stopped'; readonly failure: Failure };

/** Whether a message may leave now. Throws `Unavailable` when that cannot be known. */
export type MayLeaveNow = (leaving: Leaving) => Promise<LeaveDecision>;

/** Where messages wait on purpose, outside the queue. */
export type HoldStore = {
  /**
   * Resolves once the request is stored. `holdNo` (the delivery's version) distinguishes two holds of one message
   * apart: what one of them stored is never overwritten or dropped for the other. Throws `Unavailable`.
   */
  readonly keep: (held: HeldMessage) => Promise<void>;
};

export type HeldMessage = {
  readonly request: MessageRequest;
  readonly hold: Hold;
  readonly holdNo: number;
};

/** The only way out of the pipeline for what will not be sent: the outbound dead-letter queue. */
export type DeadLetters = {
  /**
   * Hands over the record's body unchanged with its reason beside it. Idempotent for the reader, not
   * here. `recordId` names a record that names itself by nothing else: one that cannot be read.
   */
  readonly handOver: (
    body: string,
    tenantId: string | undefined,
    failure: Failure,
    recordId?: string,
  ) => Promise<void>;
};

/** Who was written to at an address, so that a reply can be given back to the person. */
export type Identities = {
  readonly remember: (address: string, tenantId: string, datahubId: string) => Promise<void>;
  /** With `tenantId`, that tenant's identity; without, the latest of any tenant. */
  readonly find: (
    address: string,
    tenantId?: string,
  ) => Promise<{ tenantId: string; datahubId: string } | undefined>;
};
