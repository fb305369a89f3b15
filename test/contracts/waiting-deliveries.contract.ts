import { describe, expect, it } from 'vitest';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import type { WaitingDeliveries } from '../../domain/operator/status-ports.ts';
import { aDelivery } from '../builders/delivery.ts';

const lastError = { class: 'transient', code: '503', message: 'Down.' } as const;
const doubt = { from: 1, to: 2 };

/** What every index of deliveries that wait for an attempt does. `make` gives an empty store and its index. */
export function waitingDeliveriesContract(
  name: string,
  make: () => Promise<{ deliveries: Deliveries; waiting: WaitingDeliveries }>,
) {
  describe(`${name}, as WaitingDeliveries`, () => {
    it('tells what is to be tried again from what is in doubt, and leaves out what was never tried', async () => {
      const { deliveries, waiting } = await make();
      await deliveries.insert(aDelivery({ guid: 'new', createdAt: 1 }));
      await deliveries.insert(aDelivery({ guid: 'later', lastError, createdAt: 3000 }));
      await deliveries.insert(aDelivery({ guid: 'first', lastError, createdAt: 2000 }));
      await deliveries.insert(
        aDelivery({ guid: 'lost', status: 'unknown', doubt, createdAt: 4000 }),
      );
      await deliveries.insert(aDelivery({ guid: 'asked', doubt, lastError, createdAt: 5000 }));
      expect(await waiting.look('tenant-a', 'retrying')).toEqual({
        count: 2,
        hasMore: false,
        oldestAt: 2000,
        ids: ['tenant-a#first', 'tenant-a#later'],
      });
      expect(await waiting.look('tenant-a', 'in-doubt')).toMatchObject({
        count: 2,
        ids: ['tenant-a#lost', 'tenant-a#asked'],
      });
    });

    it('forgets one that was sent or failed', async () => {
      const { deliveries, waiting } = await make();
      for (const status of ['sent', 'failed', 'expired', 'delivered'] as const) {
        const first = aDelivery({ guid: status, lastError, doubt });
        await deliveries.insert(first);
        await deliveries.swap({ ...first, status, version: 2 });
      }
      for (const kind of ['retrying', 'in-doubt'] as const) {
        expect(await waiting.look('tenant-a', kind)).toMatchObject({
          count: 0,
          oldestAt: undefined,
        });
      }
    });

    it('keeps tenants apart, also where one is called like the beginning of another', async () => {
      const { deliveries, waiting } = await make();
      await deliveries.insert(aDelivery({ tenantId: 'tenant-a', lastError }));
      await deliveries.insert(aDelivery({ tenantId: 'tenant', lastError }));
      for (const tenantId of ['tenant-a', 'tenant']) {
        expect((await waiting.look(tenantId, 'retrying')).count).toBe(1);
      }
      expect((await waiting.look('tenant-b', 'retrying')).count).toBe(0);
    });
  });
}
