import { describe, expect, it } from 'vitest';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import { aDelivery } from '../builders/delivery.ts';

/** What every store of deliveries does. `make` gives an empty one. */
export function deliveriesContract(name: string, make: () => Promise<Deliveries>) {
  describe(`${name}, as Deliveries`, () => {
    it('keeps a first version with every field', async () => {
      const deliveries = await make();
      const delivery = aDelivery({
        status: 'unknown',
        attempts: 3,
        replayNo: 2,
        replayId: 'replay-2',
        lease: { token: 'worker-1', since: 1_000, until: 2_000 },
        doubt: { from: 1_100, to: 1_900 },
        providerMessageId: 'SM1',
        lastError: {
          class: 'unknown',
          code: 'timeout',
          message: 'No answer came.',
          advice: 'Wait for the look-up.',
          httpStatus: 504,
        },
        reports: { sent: 'reported', delivered: 1_700 },
      });
      expect(await deliveries.insert(delivery)).toBe(true);
      expect(await deliveries.get(delivery.deliveryId)).toEqual(delivery);
    });

    it('knows nothing of a delivery that was never put', async () => {
      const deliveries = await make();
      expect(await deliveries.get('tenant-a#nobody')).toBeUndefined();
    });

    it('lets the first of two inserts win', async () => {
      const deliveries = await make();
      expect(await deliveries.insert(aDelivery({ taskId: 'first' }))).toBe(true);
      expect(await deliveries.insert(aDelivery({ taskId: 'second' }))).toBe(false);
      expect((await deliveries.get(aDelivery().deliveryId))?.taskId).toBe('first');
    });

    it('keeps tenants apart that use the same guid', async () => {
      const deliveries = await make();
      expect(await deliveries.insert(aDelivery({ tenantId: 'tenant-a' }))).toBe(true);
      expect(await deliveries.insert(aDelivery({ tenantId: 'tenant-b' }))).toBe(true);
    });

    it('swaps the version that was read, and drops fields that the next one has not', async () => {
      const deliveries = await make();
      const first = aDelivery({ lease: { token: 'worker-1', since: 1, until: 2 } });
      await deliveries.insert(first);
      const { lease, ...rest } = first;
      const second = { ...rest, status: 'sent' as const, version: 2 };
      expect(lease).toBeDefined();
      expect(await deliveries.swap(second)).toBe(true);
      expect(await deliveries.get(first.deliveryId)).toEqual(second);
    });

    it('refuses to swap a version that another writer has replaced', async () => {
      const deliveries = await make();
      await deliveries.insert(aDelivery());
      expect(await deliveries.swap(aDelivery({ version: 2, status: 'sent' }))).toBe(true);
      expect(await deliveries.swap(aDelivery({ version: 2, status: 'failed' }))).toBe(false);
      expect((await deliveries.get(aDelivery().deliveryId))?.status).toBe('sent');
    });

    it('refuses to swap a delivery that is not there', async () => {
      const deliveries = await make();
      expect(await deliveries.swap(aDelivery({ version: 2 }))).toBe(false);
      expect(await deliveries.get(aDelivery().deliveryId)).toBeUndefined();
    });

    it('lets exactly one of many writers at once win', async () => {
      const deliveries = await make();
      await deliveries.insert(aDelivery());
      const won = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          deliveries.swap(aDelivery({ version: 2, taskId: `writer-${at}` })),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = (await deliveries.get(aDelivery().deliveryId))?.taskId;
      expect(winner).toBe(`writer-${won.indexOf(true)}`);
    });
  });
}
