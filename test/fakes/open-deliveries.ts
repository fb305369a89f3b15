import type { Delivery } from '../../domain/delivery/delivery.ts';
import { isOpen, openSince } from '../../domain/delivery/status-rank.ts';
import type { OpenDeliveries } from '../../domain/feedback/ports.ts';

/** The index over deliveries in memory, in pages of two. */
export const fakeOpenDeliveries = (all: () => readonly Delivery[]): OpenDeliveries => ({
  pages: async function* (before) {
    const ids = all()
      .filter((delivery) => isOpen(delivery) && openSince(delivery) < before)
      .map(({ deliveryId }) => deliveryId);
    for (let at = 0; at < ids.length; at += 2) yield ids.slice(at, at + 2);
  },
});
