import type { Failure } from './failure.ts';

/** What one attempt to send came to. A closed union: every reader switches over all five. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly providerMessageId: string }
  /** Refused for pace, so not processed. `retryAfterSeconds` is the provider's own wish. */
  | { readonly kind: 'throttled'; readonly failure: Failure; readonly retryAfterSeconds?: number }
  /** Known not to have been accepted; may succeed later. */
  | { readonly kind: 'transient'; readonly failure: Failure; readonly retryAfterSeconds?: number }
  /** The request was written and no clear answer came: it may have been accepted. Never resent blindly. */
  | { readonly kind: 'unknown'; readonly failure: Failure }
  /** Refused for good. `authentication` marks a refusal of our credentials: a rotated secret may cure it at once. */
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
  /** The provider could not be asked now; ask again later. */
  | { readonly kind: 'unavailable'; readonly failure: Failure; readonly authentication?: boolean };

/** The stretch of our clock, in ms since 1970, in which an attempt may have been accepted. */
export type LookUpWindow = { readonly from: number; readonly to: number };
