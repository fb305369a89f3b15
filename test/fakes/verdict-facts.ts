import type { Deliveries } from '../../domain/delivery/ports.ts';
import type { OptOuts } from '../../domain/opt-outs/ports.ts';
import type { VerdictFacts } from '../../domain/replay/ports.ts';

/** Reads many from the stores that give one. */
export const fakeVerdictFacts = (
  deliveries: Pick<Deliveries, 'get'>,
  optOuts: Pick<OptOuts, 'isOptedOut'>,
): VerdictFacts => ({
  deliveries: async (deliveryIds) => {
    const found = await Promise.all(deliveryIds.map((id) => deliveries.get(id)));
    return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.deliveryId, one]])));
  },
  optedOut: (people) =>
    Promise.all(people.map(({ tenantId, address }) => optOuts.isOptedOut(tenantId, address))),
});
