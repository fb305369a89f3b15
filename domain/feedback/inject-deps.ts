import type { Clock, Random } from '../clock.ts';
import type { Windows } from '../content/window.ts';
import type { DeadLetters, Deliveries, Identities, MessageOwners } from '../delivery/ports.ts';
import type { FailedRequests } from '../failed-requests/ports.ts';
import type { Failure } from '../failure.ts';
import type { Observe } from '../observe.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import type { ProviderRules } from '../outbound/provider-rules.ts';
import type { ProviderId } from '../provider-id.ts';
import type { QueueRecord } from '../queue.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import type { Breaker } from './breaker.ts';
import type { ExternalEvent } from './external-event.ts';
import type { InjectSettings } from './inject-settings.ts';
import type { EventGateway, ExplainCode, ReplyLog } from './ports.ts';
import type { StatusNames } from './status-names.ts';

/** Everything that reporting one status or reply needs. */
export type InjectDeps = {
  readonly deliveries: Deliveries;
  readonly owners: Pick<MessageOwners, 'claim'>;
  readonly replyLog: ReplyLog;
  readonly identities: Pick<Identities, 'find'>;
  /** Notes that a person wrote on WhatsApp. */
  readonly windows: Pick<Windows, 'open'>;
  readonly optOuts: Pick<OptOuts, 'optOut' | 'optIn' | 'noteRefusal'>;
  readonly failedRequests: Pick<FailedRequests, 'get' | 'swap'>;
  /** The way into `FailedRequests`: the ci360-events dead-letter queue. */
  readonly deadLetters: DeadLetters;
  readonly secrets: TenantSecrets;
  readonly gateway: EventGateway;
  /** Called with each event that CI360 has accepted. */
  readonly onTaken?: (tenantId: string) => void;
  readonly breaker: Breaker;
  readonly explain: ExplainCode;
  readonly providers: Readonly<
    Record<
      ProviderId,
      Pick<ProviderRules, 'sharesWebhook' | 'keepsReference'> & { readonly statuses: StatusNames }
    >
  >;
  readonly settings: InjectSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** A signal that aborts at this time, ms since 1970. */
  readonly signalUntil: (time: number) => AbortSignal;
  readonly observe: Observe;
};

/** What reporting looks at of a record of the ci360-events and ci360-replies queues. */
export type EventRecord = Pick<
  QueueRecord,
  'body' | 'messageId' | 'receiveCount' | 'enqueuedAt' | 'deadline'
>;

/** The outcome of reporting. */
export type Report =
  /** CI360 has it, or there is nothing for CI360 in it. */
  | { readonly kind: 'settled' }
  /** To be tried again. */
  | { readonly kind: 'retry'; readonly seconds: number }
  /** Given up: an operator's now. */
  | { readonly kind: 'refused'; readonly failure: Failure };

/** Injects one event, for the request's tenant unless another is named. */
export type Send = (event: ExternalEvent, tenantId?: string) => Promise<Report>;
