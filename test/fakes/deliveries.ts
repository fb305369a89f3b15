import type { Delivery } from '../../domain/delivery/delivery.ts';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import { outageOf } from './outage.ts';

/** Deliveries in memory. What goes in and comes out is a copy. */
export function fakeDeliveries(initial: readonly Delivery[] = []) {
  const kept = new Map(initial.map((delivery) => [delivery.deliveryId, structuredClone(delivery)]));
  const outage = outageOf('deliveries');
  const port: Deliveries = {
    insert: async (delivery) => {
      outage.check();
      if (kept.has(delivery.deliveryId)) return false;
      kept.set(delivery.deliveryId, structuredClone(delivery));
      return true;
    },
    get: async (deliveryId) => {
      outage.check();
      return structuredClone(kept.get(deliveryId));
    },
    swap: async (next) => {
      outage.check();
      if (kept.get(next.deliveryId)?.version !== next.version - 1) return false;
      kept.set(next.deliveryId, structuredClone(next));
      return true;
    },
  };
  return { ...port, outage, all: () => structuredClone([...kept.values()]) };
}
