import type { HttpAnswer } from '../http.ts';
import type { Keyword } from '../opt-outs/keyword.ts';
import type { Channel } from '../outbound/channel.ts';
import type { Refused } from '../refused.ts';
import type { Correlation } from './correlation.ts';
import type { StatusNames } from './status-names.ts';
import type { CallbackProof } from './verify-callback.ts';

/** One kind of callbacks of a provider, such as those to one route: how they are verified, read and acknowledged. */
export type Callbacks = CallbackProof<() => CallbackReading> & {
  readonly statuses: StatusNames;
  /** The response that makes the provider drop its copy. `text`: the message that answers a reply. */
  readonly acknowledge: (result: 'accepted' | 'ignored', text?: string) => HttpAnswer;
};

/** What a verified callback says. Ids and addresses are as the provider gives them, not checked yet. */
export type CallbackReading =
  | StatusReading
  | ReplyReading
  /** Nothing for us. `metric` counts it. */
  | { readonly kind: 'ignored'; readonly metric: 'unmapped' | 'uncorrelated' }
  /** It cannot be read, which the response says. */
  | { readonly kind: 'refusal'; readonly refusal: Refused };

/** The status of a message of ours. */
export type StatusReading = {
  readonly kind: 'status';
  /** The provider's own name of the status. */
  readonly word: string;
  readonly providerMessageId: string;
  /** Undefined where the callback carries no reference of ours. */
  readonly correlation: Partial<Correlation> | undefined;
  readonly channel: Channel;
  readonly errorCode?: string | undefined;
  readonly errorText?: string | undefined;
  /** The recipient, without a channel's prefix. */
  readonly address?: string | undefined;
};

/** What a person wrote. */
export type ReplyReading = {
  readonly kind: 'reply';
  readonly providerMessageId: string;
  readonly channel: Channel;
  /** Addresses without a channel's prefix. */
  readonly from: string;
  readonly to: string;
  /** As it is reported to CI360. */
  readonly body: string;
  /** The text that is searched for keywords, where it is not `body`. */
  readonly said?: string;
  /** The keyword that the provider itself found in it. */
  readonly keyword?: Keyword | undefined;
  /** Whether the provider has answered it already. */
  readonly isAnswered?: boolean;
  /** Whether the route named the tenant. If not, the person's own tenant may be found instead. */
  readonly tenantFrom: 'route' | 'default';
  /** The sender that the person wrote to, as a message of ours names it; empty where that is not known. */
  readonly sender: string;
  /** Further attributes of the event, in the names that CI360 is to see. */
  readonly attributes: Readonly<Record<string, string>>;
};
