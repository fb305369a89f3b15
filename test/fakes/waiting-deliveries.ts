import type { Delivery } from '../../domain/delivery/delivery.ts';
import { waitingKind } from '../../domain/delivery/waiting.ts';
import type { WaitingDeliveries } from '../../domain/operator/status-ports.ts';

/** The index over waiting deliveries in memory. */
export const fakeWaitingDeliveries = (all: () => readonly Delivery[]): WaitingDeliveries => ({
  look: async (tenantId, kind) => {
    const found = all()
      .filter((delivery) => delivery.tenantId === tenantId && waitingKind(delivery) === kind)
      .sort((a, b) => a.createdAt - b.createdAt);
    return {
      count: found.length,
      hasMore: false,
      oldestAt: found[0]?.createdAt,
      ids: found.map(({ deliveryId }) => deliveryId),
    };
  },
});
