import { ALL_CAMPAIGNS } from '../../campaigns/control.ts';
import type { HeldMessages } from '../../campaigns/ports.ts';
import { addressKey } from '../../outbound/address-key.ts';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import type { PersonStore } from '../ports.ts';
import { type DeliveryDeps, eraseDelivery } from './delivery.ts';

/** Held messages are not indexed by recipient: all of the tenant are read. */
export const heldStore = (
  deps: DeliveryDeps & { readonly held: Pick<HeldMessages, 'page' | 'drop'> },
): PersonStore => ({
  name: 'held-messages',
  find: async ({ tenantId, address }, cursor) => {
    const scope = { kind: 'campaign', tenantId, taskId: ALL_CAMPAIGNS, which: 'all' } as const;
    const page = await deps.held.page(scope, cursor);
    const key = addressKey(address);
    return {
      items: page.messages
        .filter(({ request }) => addressKey(request.to) === key)
        .map((held) => ({
          data: { request: held.request, hold: held.hold },
          erase: async () => {
            // The delivery first: a message that is released meanwhile is dropped for it.
            const erasing = await eraseDelivery(deliveryIdOf(held.request), deps);
            if (erasing === 'erased') await deps.held.drop([held]);
            return erasing;
          },
        })),
      cursor: page.cursor,
    };
  },
});
