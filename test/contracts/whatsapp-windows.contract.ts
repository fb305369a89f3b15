import { describe, expect, it } from 'vitest';
import type { Windows } from '../../domain/content/window.ts';

const pair = { tenantId: 'tenant-a', sender: '+12025550100', person: '+12025550123' };

/** What every record of windows does. `make` gives an empty one. */
export function whatsappWindowsContract(name: string, make: () => Promise<Windows>) {
  describe(`${name}, as Windows`, () => {
    it('knows when a person wrote last, whatever the order in which it was told', async () => {
      const windows = await make();
      expect(await windows.lastWroteAt(pair)).toBeUndefined();
      await windows.open(pair, 2_000);
      await windows.open(pair, 1_000);
      await windows.open(pair, 2_000);
      expect(await windows.lastWroteAt(pair)).toBe(2_000);
    });

    it('keeps tenants, senders and people apart', async () => {
      const windows = await make();
      await windows.open(pair, 1_000);
      expect(await windows.lastWroteAt({ ...pair, tenantId: 'tenant-b' })).toBeUndefined();
      expect(await windows.lastWroteAt({ ...pair, sender: '+12025550101' })).toBeUndefined();
      expect(await windows.lastWroteAt({ ...pair, person: '+12025550124' })).toBeUndefined();
    });
  });
}
