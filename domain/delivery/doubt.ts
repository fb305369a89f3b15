import type { MessageRequest } from '../outbound/message-request.ts';
import type { Delivery } from './delivery.ts';
import type { InDoubt } from './outcome.ts';
import { contentOf, recipientOf, triedBy } from './tried.ts';

/**
 * The doubt about a delivery whose lease, if it has one, ran out unsettled: the attempt may have begun
 * at any time of the lease and ended with it.
 */
export const inDoubtAfter = ({ doubt, lease }: Delivery): Delivery['doubt'] =>
  lease === undefined
    ? doubt
    : {
        from: Math.min(doubt?.from ?? lease.since, lease.since),
        to: Math.max(doubt?.to ?? lease.until, lease.until),
      };

/** What to ask the provider about an attempt in doubt, whatever the copy at hand would send. */
export type Question = {
  /** The copy at hand with the provider, channel and sender that were tried. */
  readonly request: MessageRequest;
  readonly attempt: InDoubt;
  /** Whether the copy at hand is for the recipient that was tried: else a "not here" says nothing. */
  readonly isSameRecipient: boolean;
};

/**
 * Deliveries of older versions do not say what was tried. The sender is then left open, and a copy for
 * another provider is no help: both may have been tried.
 */
export function questionAbout(
  delivery: Delivery,
  doubt: NonNullable<Delivery['doubt']>,
  request: MessageRequest,
): Question {
  const { tried, recipient, provider, channel } = delivery;
  if (tried === undefined) {
    return {
      request: { ...request, provider, channel },
      attempt: { ...doubt, isSenderOpen: true },
      isSameRecipient: provider === request.provider,
    };
  }
  return {
    request: { ...request, provider, channel, from: tried.sender },
    attempt: { ...doubt, isOtherContent: tried.content !== contentOf(request) },
    isSameRecipient: recipient === recipientOf(request),
  };
}

/** The delivery once the provider does not have what was in doubt, and this request is tried next. */
export function cleared(delivery: Delivery, request: MessageRequest, now: number): Delivery {
  return {
    ...withoutDoubt(delivery),
    ...triedBy(request),
    version: delivery.version + 1,
    updatedAt: now,
  };
}

export function withoutDoubt(delivery: Delivery): Delivery {
  const { doubt: _resolved, claiming: _lost, ...clear } = delivery;
  return clear;
}
