import type { Delivery } from '../../domain/delivery/delivery.ts';
import type { MessageOwners } from '../../domain/delivery/ports.ts';
import { outageOf } from './outage.ts';

/** Who owns which message, over the deliveries that `all` gives. */
export function fakeMessageOwners(all: () => readonly Delivery[] = () => []) {
  const claims = new Map<string, string>();
  const outage = outageOf('deliveries');
  const port: MessageOwners = {
    deliveriesTo: async (recipient) => {
      outage.check();
      return all().filter(
        (delivery) => delivery.recipient === recipient && delivery.provider === 'twilio',
      );
    },
    claim: async (providerMessageId, { deliveryId }) => {
      outage.check();
      const owner = claims.get(providerMessageId) ?? deliveryId;
      claims.set(providerMessageId, owner);
      return owner === deliveryId;
    },
  };
  return { ...port, outage, claims };
}
