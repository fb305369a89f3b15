import { describe, expect, it } from 'vitest';
import type { OptOuts } from '../../domain/delivery/ports.ts';

const phone = '+12025550123';

/** What every store of opt-outs does. `make` gives an empty one. */
export function optOutsContract(name: string, make: () => Promise<OptOuts>) {
  describe(`${name}, as OptOuts`, () => {
    it('knows nobody who said nothing', async () => {
      expect(await (await make()).isOptedOut('tenant-a', phone)).toBe(false);
    });

    it('remembers a STOP for one tenant and one address', async () => {
      const optOuts = await make();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      expect(await optOuts.isOptedOut('tenant-b', phone)).toBe(false);
      expect(await optOuts.isOptedOut('tenant-a', '+12025550124')).toBe(false);
    });

    it('forgets it after a START, and remembers the next STOP', async () => {
      const optOuts = await make();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      await optOuts.optIn('tenant-a', phone, 'reply', 2_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      await optOuts.optOut('tenant-a', phone, '21610', 3_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });

    it('lets the latest word win in whatever order the words come', async () => {
      const optOuts = await make();
      await optOuts.optIn('tenant-a', phone, 'reply', 2_000);
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      await optOuts.optOut('tenant-a', phone, 'reply', 4_000);
      await optOuts.optIn('tenant-a', phone, 'reply', 3_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });

    it('takes a STOP for more than a START of the same moment', async () => {
      for (const stopFirst of [true, false]) {
        const optOuts = await make();
        if (stopFirst) await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
        await optOuts.optIn('tenant-a', phone, 'reply', 1_000);
        if (!stopFirst) await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
        expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      }
    });

    it('hears a word twice without harm', async () => {
      const optOuts = await make();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });
  });
}
