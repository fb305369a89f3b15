import type { LateErrorRow } from '../delivery/error-table.ts';
import type { Failure } from '../failure.ts';
import type { ProviderId } from '../provider-id.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { ExternalEvent } from './external-event.ts';
import type { ExternalEventRequest } from './external-event-request.ts';

/**
 * The queues between webhooks and the injector. Replies have a lane of their own. Throws `Unavailable`
 * when the queue cannot take the request.
 */
export type EventQueue = {
  readonly enqueue: (request: ExternalEventRequest) => Promise<void>;
};

/** The outcome of one attempt to inject an external event. */
export type Injection =
  | { readonly kind: 'accepted' }
  /** Refused or not answered; may succeed later. CI360 has no key for events, so an attempt without an answer may count twice. */
  | { readonly kind: 'retry'; readonly failure: Failure; readonly retryAfterSeconds?: number }
  /** Refused permanently. `authentication`: a rotated token may cure it at once. */
  | { readonly kind: 'rejected'; readonly failure: Failure; readonly authentication?: boolean };

/** The tenant's event gateway. Never throws for anything that CI360 can do. */
export type EventGateway = {
  readonly inject: (
    event: ExternalEvent,
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<Injection>;
};

/**
 * Which replies were reported: each once. `id` is `{tenantId}#{provider}#{provider's message id}`.
 * A claim ends by itself at `until` (ms since 1970), so a reporter that died is followed by another.
 */
export type ReplyLog = {
  readonly claim: (
    id: string,
    at: { readonly now: number; readonly until: number },
  ) => Promise<'claimed' | 'held' | 'reported'>;
  readonly reported: (id: string) => Promise<void>;
  /** Gives back the claim that ends at `until`, unless it is no longer ours: the report failed and will be tried again. */
  readonly release: (id: string, until: number) => Promise<void>;
};

/** Who was answered automatically and when, so that two programs do not answer each other for ever. */
export type AnswerLog = {
  /**
   * Whether a message may be answered: no other one was within the window before it. If so, the window
   * of this one runs from `now` to `until` (ms since 1970). The same message may always be answered again.
   * `id` is `{tenantId}#{kind of answer}#{key of the address}`. Throws `Unavailable`.
   */
  readonly take: (
    id: string,
    by: { readonly messageId: string; readonly now: number; readonly until: number },
  ) => Promise<boolean>;
};

/** Our words for a provider's asynchronous error code, if the table has it. */
export type ExplainCode = (provider: ProviderId, code: string) => LateErrorRow | undefined;

/** What a provider says of a message that it once accepted. */
export type MessageState =
  | {
      readonly kind: 'known';
      /** The provider's own word, as in its callbacks. */
      readonly word: string;
      readonly errorCode?: string;
      readonly errorText?: string;
    }
  /** It keeps no record of it, or no longer. */
  | { readonly kind: 'absent' }
  /** It could not be asked now. */
  | {
      readonly kind: 'unavailable';
      readonly failure: Failure;
      readonly authentication?: boolean;
    };

/** A provider, asked for the state of one message. Never throws for anything a provider can do. */
export type StateGateway = {
  readonly stateOf: (providerMessageId: string, secret: TenantSecret) => Promise<MessageState>;
};

/** Deliveries that wait for a final status, found without reading the whole table. */
export type OpenDeliveries = {
  /**
   * Ids of those that the provider has had since before `before` (ms since 1970), in pages; `start` (any whole number)
   * turns the order, so that runs which do not get through do not all begin at the same end. May lag
   * behind the table by a moment: judge each by reading it.
   */
  readonly pages: (before: number, start: number) => AsyncIterable<readonly string[]>;
};
