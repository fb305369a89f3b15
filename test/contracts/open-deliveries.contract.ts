import { describe, expect, it } from 'vitest';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import type { OpenDeliveries } from '../../domain/feedback/ports.ts';
import { aDelivery } from '../builders/delivery.ts';

/** What every index of deliveries without a final status does. `make` gives an empty store and its index. */
export function openDeliveriesContract(
  name: string,
  make: () => Promise<{ deliveries: Deliveries; open: OpenDeliveries }>,
) {
  const found = async (open: OpenDeliveries, before = 10_000) => {
    const ids: string[] = [];
    for await (const page of open.pages(before, 7)) ids.push(...page);
    return ids.sort();
  };

  describe(`${name}, as OpenDeliveries`, () => {
    it('finds deliveries that were sent and have no final status', async () => {
      const { deliveries, open } = await make();
      const statuses = ['sending', 'unknown', 'failed', 'sent', 'delivered', 'read'] as const;
      for (const status of statuses) {
        await deliveries.insert(aDelivery({ guid: status, status, createdAt: 1000 }));
      }
      expect(await found(open)).toEqual(['tenant-a#sent']);
    });

    it('finds only those that are old enough', async () => {
      const { deliveries, open } = await make();
      await deliveries.insert(aDelivery({ guid: 'old', status: 'sent', createdAt: 1999 }));
      await deliveries.insert(aDelivery({ guid: 'young', status: 'sent', createdAt: 2000 }));
      expect(await found(open, 2000)).toEqual(['tenant-a#old']);
    });

    it('counts from when it was sent, not from when it was first claimed', async () => {
      const { deliveries, open } = await make();
      const replayed = { status: 'sent', createdAt: 1000 } as const;
      await deliveries.insert(aDelivery({ ...replayed, guid: 'lately', sentAt: 2000 }));
      await deliveries.insert(aDelivery({ ...replayed, guid: 'before', sentAt: 1999 }));
      expect(await found(open, 2000)).toEqual(['tenant-a#before']);
    });

    it('finds one no longer once it has a final status or was asked about', async () => {
      const { deliveries, open } = await make();
      const one = aDelivery({ guid: 'one', createdAt: 1000 });
      const two = aDelivery({ guid: 'two', createdAt: 1000, status: 'sent' });
      await deliveries.insert(one);
      await deliveries.insert(two);
      expect(await found(open)).toEqual(['tenant-a#two']);
      await deliveries.swap({ ...one, status: 'sent', version: 2 });
      await deliveries.swap({ ...two, status: 'delivered', version: 2 });
      expect(await found(open)).toEqual(['tenant-a#one']);
      await deliveries.swap({ ...one, status: 'sent', version: 3, reconciledAt: 5000 });
      expect(await found(open)).toEqual([]);
    });

    it('finds all of many', async () => {
      const { deliveries, open } = await make();
      const guids = Array.from({ length: 250 }, (_, n) => `guid-${1000 + n}`);
      for (const guid of guids) {
        await deliveries.insert(aDelivery({ guid, status: 'sent', createdAt: 1000 }));
      }
      expect(await found(open)).toEqual(guids.map((guid) => `tenant-a#${guid}`));
    });
  });
}
