import type { BackoffPolicy } from '../delivery/backoff.ts';
import type { ProviderId } from '../provider-id.ts';
import type { AttributeSettings } from './external-event.ts';
import type { StatusEventNames } from './status-names.ts';

/** What of the configuration the injector goes by. */
export type InjectSettings = AttributeSettings & {
  readonly statusEvents: StatusEventNames;
  /** The event that reports a reply; none, and replies are not reported. */
  readonly replyEvents: Record<ProviderId, string | undefined>;
  /** `identity_field`: set, it takes the sender's address and no identity is looked up. */
  readonly identityField: string;
  /** How long one reporter may take, two attempts included. */
  readonly leaseMs: number;
  /** How long an event is tried before it becomes a failed request. */
  readonly giveUpAfterMs: number;
  readonly backoff: BackoffPolicy;
  readonly deliveryTtlSeconds: number;
};
