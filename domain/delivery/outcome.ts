import type { Failure } from '../failure.ts';

/** The outcome of one attempt to send. A closed union: every reader switches over all five. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly providerMessageId: string }
  /** Refused for pace, so not processed. `retryAfterSeconds` is the provider's Retry-After. */
  | {
      readonly kind: 'throttled';
      readonly failure: Failure;
      readonly retryAfterSeconds?: number;
      /** The limit is that of the whole account; without it, that of the sender. */
      readonly scope?: 'account';
    }
  /** Known not to have been accepted; may succeed later. */
  | { readonly kind: 'transient'; readonly failure: Failure; readonly retryAfterSeconds?: number }
  /** The request was written and no clear answer came: it may have been accepted. Never resent blindly. */
  | { readonly kind: 'unknown'; readonly failure: Failure }
  /** Refused permanently. `authentication` marks a refusal of our credentials: a rotated secret may cure it at once. */
  | {
      readonly kind: 'rejected';
      readonly failure: Failure & { readonly class: 'permanent' | 'config' | 'opted-out' };
      readonly authentication?: boolean;
    };

/** What the provider says of an attempt whose outcome is not known. */
export type LookUp =
  | { readonly kind: 'accepted'; readonly providerMessageId: string }
  /** The provider had taken it and refused it since: nothing was sent, and nothing will be. */
  | Extract<Outcome, { kind: 'rejected' }>
  /** The provider has no such message. */
  | { readonly kind: 'absent' }
  /**
   * The provider keeps no reference of ours: these of its messages may be the one, and no other can be
   * unless `hasMore`: its list was too long to read. Which delivery each belongs to is judged in
   * `ownership.ts`.
   */
  | {
      readonly kind: 'candidates';
      readonly messages: readonly Candidate[];
      readonly hasMore?: boolean;
      /** The provider has no address of ours to report a status to, so no report will name a delivery. */
      readonly isNeverReported?: boolean;
    }
  /** The provider could not be asked now; ask again later. */
  | { readonly kind: 'unavailable'; readonly failure: Failure; readonly authentication?: boolean };

/** A provider's message that may be the one that is asked about. */
export type Candidate = {
  readonly providerMessageId: string;
  /** When the provider created it, ms since 1970 by our clock, where everything that is compared is equal. */
  readonly equalSince?: number;
  /** Its text is ours with something added, so a message with such a text may be it as well. */
  readonly isLonger?: boolean;
  /** Its text or ours is not known, as of a template: only if it is the only one it can be told to be ours. */
  readonly isUnread?: boolean;
};

/** The stretch of our clock, in ms since 1970, in which an attempt may have been accepted. */
export type LookUpWindow = { readonly from: number; readonly to: number };

/** The attempt that a provider is asked about. */
export type InDoubt = LookUpWindow & {
  /** From which sender it went is not known: any may be meant. */
  readonly isSenderOpen?: boolean;
  /** The request at hand has another text than the one that was sent, so texts tell nothing. */
  readonly isOtherContent?: boolean;
};
