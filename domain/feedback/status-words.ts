import type { DeliveryStatus } from '../delivery/delivery.ts';
import type { Provider } from '../outbound/channel.ts';

/**
 * What each of a provider's words means for the delivery. A word that is not here is acknowledged,
 * counted and left alone.
 *
 * `failed` is kept for what we could not hand to the provider, and can be replayed. What the
 * provider took and then lost is `undelivered`: it is reported and never sent again.
 */
export const statusWords: Record<Provider, Readonly<Record<string, DeliveryStatus>>> = {
  // https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
  twilio: {
    accepted: 'sent',
    scheduled: 'sent',
    queued: 'sent',
    sending: 'sent',
    sent: 'sent',
    // Of several recipients; we write to one, so nothing is known of ours.
    partially_delivered: 'sent',
    canceled: 'canceled',
    failed: 'undelivered',
    undelivered: 'undelivered',
    delivered: 'delivered',
    read: 'read',
  },
  // `new_state` of message_state_change. The set is open: real events hold states no document lists.
  scg: {
    // Of the whole request, asked for when it has no message; COMPLETED does not mean delivered.
    SUBMITTED: 'sent',
    ACCEPTED: 'sent',
    PREPARING: 'sent',
    TRANSMITTING: 'sent',
    COMPLETED: 'sent',
    CREATED: 'sent',
    QUEUED: 'sent',
    SCHEDULED: 'sent',
    PAUSED: 'sent',
    SENT: 'sent',
    // Processed and, as asked, not delivered.
    TEST: 'sent',
    DELETED: 'canceled',
    CANCELED: 'canceled',
    FAILED: 'undelivered',
    EXPIRED: 'undelivered',
    REJECTED: 'undelivered',
    DELIVERED: 'delivered',
    READ: 'read',
    // A click on a tracked link, so it was read. Which of the three words comes is not documented.
    CLICKED: 'read',
    CLICKTHRU: 'read',
    CONVERTED: 'read',
  },
};

/** The delivery status that a provider's word stands for, or undefined for a word that we do not know. */
export const statusOf = (provider: Provider, word: string): DeliveryStatus | undefined =>
  Object.hasOwn(statusWords[provider], word) ? statusWords[provider][word] : undefined;

/** Names of the external events, by the provider's word; a word without one is not reported. */
export type StatusEventNames = Record<Provider, Readonly<Record<string, string | undefined>>>;

/** Where a click of SCG is reported when the word that came has no event of its own. */
const clicks = ['CLICKED', 'CLICKTHRU', 'CONVERTED'];

/**
 * The event that reports `word`, and the word under which it is reported once. The three words for a
 * click share one event unless the configuration tells them apart.
 */
export function reportOf(
  provider: Provider,
  word: string,
  names: StatusEventNames,
): { readonly word: string; readonly eventName: string } | undefined {
  const known = names[provider];
  const candidates = provider === 'scg' && clicks.includes(word) ? [word, ...clicks] : [word];
  const found = candidates.find((candidate) => known[candidate]);
  const eventName = found === undefined ? undefined : known[found];
  return found === undefined || eventName === undefined ? undefined : { word: found, eventName };
}
