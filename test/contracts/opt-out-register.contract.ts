import { describe, expect, it } from 'vitest';
import type { OptOutRegister, OptOuts } from '../../domain/opt-outs/ports.ts';

const phone = '+12025550123';
const page = { limit: 10 };

/** What every register of opt-outs does. `make` gives an empty one. */
export function optOutRegisterContract(
  name: string,
  make: () => Promise<OptOuts & OptOutRegister>,
) {
  const listed = (status: 'opted-out' | 'opted-in', at: number, messageId: string) =>
    ({ status, at, source: 'import:crm', messageId }) as const;

  describe(`${name}, as OptOutRegister`, () => {
    it('records a statement once, and lets it count', async () => {
      const register = await make();
      const statement = listed('opted-out', 1_000, 'line-1');
      expect(await register.record('tenant-a', phone, statement, 'call 4711')).toBe('recorded');
      expect(await register.record('tenant-a', phone, statement)).toBe('known');
      expect(await register.isOptedOut('tenant-a', phone)).toBe(true);
      const { items } = await register.history('tenant-a', phone, page);
      expect(items).toMatchObject([{ ...statement, address: phone, note: 'call 4711' }]);
    });

    it('keeps every statement, the latest first, apart from those of other tenants', async () => {
      const register = await make();
      await register.record('tenant-a', phone, listed('opted-out', 1_000, 'line-1'));
      await register.record('tenant-a', phone, listed('opted-in', 3_000, 'line-3'));
      await register.record('tenant-a', phone, listed('opted-out', 2_000, 'line-2'));
      await register.record('tenant-b', phone, listed('opted-out', 4_000, 'line-4'));
      const { items } = await register.history('tenant-a', phone, page);
      expect(items.map(({ at }) => at)).toEqual([3_000, 2_000, 1_000]);
    });

    it('lists the statements that count since a time, each person at most once', async () => {
      const register = await make();
      await register.record('tenant-a', phone, listed('opted-out', 1_000, 'line-1'));
      await register.record('tenant-a', phone, listed('opted-in', 3_000, 'line-2'));
      await register.record('tenant-a', '+12025550124', listed('opted-out', 500, 'line-3'));
      await register.record('tenant-a', '+12025550125', listed('opted-out', 4_000, 'line-4'));
      const { items } = await register.standingSince('tenant-a', 1_000, page);
      expect(items.map(({ address, status }) => [address, status])).toEqual([
        [phone, 'opted-in'],
        ['+12025550125', 'opted-out'],
      ]);
    });
  });
}
