import { describe, expect, it } from 'vitest';
import type { Deliveries, MessageOwners } from '../../domain/delivery/ports.ts';
import { aDelivery } from '../builders/delivery.ts';

type Subject = { readonly owners: MessageOwners; readonly deliveries: Deliveries };

/** What every record of whose a provider's messages are does. `make` gives an empty one over its deliveries. */
export function messageOwnersContract(name: string, make: () => Promise<Subject>) {
  describe(`${name}, as MessageOwners`, () => {
    const one = aDelivery({ guid: 'one', recipient: 'aaaaaa' });
    const two = aDelivery({ guid: 'two', recipient: 'aaaaaa', tenantId: 'tenant-b' });
    const idsOf = (found: readonly { deliveryId: string }[] | undefined) =>
      found?.map(({ deliveryId }) => deliveryId).sort();

    it('finds the deliveries to a recipient, of every tenant, as they stand now', async () => {
      const { owners, deliveries } = await make();
      await deliveries.insert(one);
      await deliveries.insert(two);
      await deliveries.insert(aDelivery({ guid: 'three', recipient: 'bbbbbb' }));
      const sent = { ...one, version: 2, status: 'sent', providerMessageId: 'SM1' } as const;
      await deliveries.swap(sent);

      const found = await owners.deliveriesTo('aaaaaa');
      expect(idsOf(found)).toEqual([one.deliveryId, two.deliveryId].sort());
      expect(found).toContainEqual(sent);
      expect(await owners.deliveriesTo('cccccc')).toEqual([]);
    });

    it('leaves out what a provider with references of ours sends', async () => {
      const { owners, deliveries } = await make();
      await deliveries.insert({ ...one, provider: 'scg' });
      expect(await owners.deliveriesTo('aaaaaa')).toEqual([]);
    });

    it('gives a message to the first that claims it, and to it again', async () => {
      const { owners } = await make();
      expect(await owners.claim('SM1', one)).toBe(true);
      expect(await owners.claim('SM1', two)).toBe(false);
      expect(await owners.claim('SM1', one)).toBe(true);
      expect(await owners.claim('SM2', two)).toBe(true);
    });

    it('gives a message to exactly one of many that claim it at once', async () => {
      const { owners } = await make();
      const claims = Array.from({ length: 10 }, (_, at) =>
        owners.claim('SM1', aDelivery({ guid: `guid-${at}` })),
      );
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
    });
  });
}
