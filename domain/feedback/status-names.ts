import type { DeliveryStatus } from '../delivery/delivery.ts';
import type { ProviderId } from '../provider-id.ts';

/** The names of statuses that one provider can report. */
export type StatusNames = {
  /**
   * What each name means for the delivery. A name that is not here is acknowledged, counted and ignored.
   *
   * `failed` is for what could not be handed to the provider, and can be replayed. What the provider took
   * and did not deliver is `undelivered`: it is reported and never sent again.
   */
  readonly meanings: Readonly<Record<string, DeliveryStatus>>;
  /** Names that are reported with one and the same event, unless the settings give them events of their own. */
  readonly sharedEvents?: readonly (readonly string[])[];
};

/** The delivery status that a provider's name stands for, or undefined for an unknown name. */
export const statusOf = ({ meanings }: StatusNames, name: string): DeliveryStatus | undefined =>
  Object.hasOwn(meanings, name) ? meanings[name] : undefined;

/** Names of one provider's external events, by the name of the status; one without an event is not reported. */
export type EventNames = Readonly<Record<string, string | undefined>>;
export type StatusEventNames = Readonly<Record<ProviderId, EventNames>>;

/** The event that reports a status, and the name under which it is reported once. */
export function reportOf(
  { sharedEvents = [] }: StatusNames,
  name: string,
  events: EventNames,
): { readonly word: string; readonly eventName: string } | undefined {
  const shared = sharedEvents.find((names) => names.includes(name)) ?? [];
  for (const word of [name, ...shared]) {
    const eventName = events[word];
    if (eventName) return { word, eventName };
  }
  return undefined;
}
