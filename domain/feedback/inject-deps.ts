import type { Clock, Random } from '../clock.ts';
import type {
  DeadLetters,
  Deliveries,
  Identities,
  MessageOwners,
  OptOuts,
} from '../delivery/ports.ts';
import type { FailedRequests } from '../failed-requests/ports.ts';
import type { Failure } from '../failure.ts';
import type { Observe } from '../observe.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import type { Breaker } from './breaker.ts';
import type { ExternalEvent } from './external-event.ts';
import type { InjectSettings } from './inject-settings.ts';
import type { EventGateway, ExplainCode, ReplyLog } from './ports.ts';

/** Everything that reporting one status or reply needs. */
export type InjectDeps = {
  readonly deliveries: Deliveries;
  readonly owners: Pick<MessageOwners, 'claim'>;
  readonly replyLog: ReplyLog;
  readonly identities: Pick<Identities, 'find'>;
  readonly optOuts: Pick<OptOuts, 'optOut' | 'optIn' | 'noteRefusal'>;
  readonly failedRequests: Pick<FailedRequests, 'get' | 'swap'>;
  /** The way into `FailedRequests`: the ci360-events dead-letter queue. */
  readonly deadLetters: DeadLetters;
  readonly secrets: TenantSecrets;
  readonly gateway: EventGateway;
  /** Told of each event that CI360 has taken. */
  readonly onTaken?: (tenantId: string) => void;
  readonly breaker: Breaker;
  readonly explain: ExplainCode;
  readonly settings: InjectSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** A signal that aborts at this time, ms since 1970. */
  readonly signalUntil: (time: number) => AbortSignal;
  readonly observe: Observe;
};

/** One record of the ci360-events queue, as one receive of it. */
export type EventRecord = {
  readonly body: string;
  /** The queue's id for it: the same at each receive. */
  readonly messageId: string;
  /** How often the queue has given it out, from 1. */
  readonly receiveCount: number;
  /** When it was put on the queue, ms since 1970: what the limit to retries counts from. */
  readonly enqueuedAt: number;
  /** When this invocation must be over, ms since 1970. */
  readonly deadline: number;
};

/** What reporting came to. */
export type Report =
  /** CI360 has it, or there is nothing for CI360 in it. */
  | { readonly kind: 'settled' }
  /** To be tried again. */
  | { readonly kind: 'retry'; readonly seconds: number }
  /** Given up: an operator's now. */
  | { readonly kind: 'refused'; readonly failure: Failure };

/** Injects one event, for the request's tenant unless another is named. */
export type Send = (event: ExternalEvent, tenantId?: string) => Promise<Report>;
