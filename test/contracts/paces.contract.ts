import { describe, expect, it } from 'vitest';
import type { Pace } from '../../domain/senders/pace.ts';
import type { Paces, SenderStates } from '../../domain/senders/ports.ts';
import { BUILT_AT } from '../builders/message-request.ts';

const key = { tenantId: 'tenant-a', sender: 'twilio/12345' };
const other = { tenantId: 'tenant-a', sender: 'twilio/+12025550100' };
/** A slot of 100 ms at `at` ms. */
const slot = (at: number, over: { lengthMs?: number; aheadMs?: number } = {}) => ({
  now: BUILT_AT + at,
  lengthMs: over.lengthMs ?? 100,
  latestAt: BUILT_AT + at + (over.aheadMs ?? 5000),
  wrongAfter: BUILT_AT + at + 60_000,
});
const pace = (over: Partial<Pace> = {}): Pace => ({
  rate: 70,
  rateAt: BUILT_AT,
  isProbing: false,
  throttledAt: BUILT_AT,
  throttled: 3,
  ...over,
});

/** What every store of paces does. `make` gives an empty one. */
export function pacesContract(name: string, make: () => Promise<Paces & SenderStates>) {
  describe(`${name}, as Paces`, () => {
    const reserving =
      (paces: Paces) =>
      async (at: number, over = {}) => {
        const { begins } = await paces.reserve(key, 'send', slot(at, over));
        return begins === undefined ? undefined : begins - BUILT_AT;
      };

    it('gives the first slot at once, and the others one after the other', async () => {
      const reserve = reserving(await make());
      expect([await reserve(0), await reserve(0), await reserve(50)]).toEqual([0, 100, 200]);
    });

    it('gives no slot to two that ask at once', async () => {
      const reserve = reserving(await make());
      const all = await Promise.all(Array.from({ length: 6 }, () => reserve(0)));
      expect(all.sort((a, b) => Number(a) - Number(b))).toEqual([0, 100, 200, 300, 400, 500]);
    });

    it('gives no idle time back', async () => {
      const reserve = reserving(await make());
      expect([await reserve(0), await reserve(4000), await reserve(4000)]).toEqual([0, 4000, 4100]);
    });

    it('reserves nothing that begins too late, and says when it would be free', async () => {
      const paces = await make();
      const reserve = reserving(paces);
      await reserve(0, { lengthMs: 8000 });
      expect(await paces.reserve(key, 'send', slot(0))).toMatchObject({
        begins: undefined,
        freeAt: BUILT_AT + 8000,
      });
      expect(await reserve(3000)).toBe(8000);
    });

    it('replaces what a wrong clock wrote', async () => {
      const reserve = reserving(await make());
      await reserve(3_600_000);
      expect(await reserve(0)).toBe(0);
    });

    it('keeps a schedule for each sender, and another for entries', async () => {
      const paces = await make();
      await paces.reserve(key, 'send', slot(0));
      expect((await paces.reserve(key, 'entry', slot(0))).begins).toBe(BUILT_AT);
      expect((await paces.reserve(other, 'send', slot(0))).begins).toBe(BUILT_AT);
    });

    it('counts the units of a day up to the cap, and begins again the next day', async () => {
      const paces = await make();
      expect(await paces.spend(key, '2026-03-02', 6, 10)).toBe(true);
      expect(await paces.spend(key, '2026-03-02', 5, 10)).toBe(false);
      expect(await paces.spend(key, '2026-03-02', 4, 10)).toBe(true);
      expect(await paces.spend(key, '2026-03-03', 5, 10)).toBe(true);
      // A worker whose clock is behind.
      expect(await paces.spend(key, '2026-03-02', 1, 10)).toBe(false);
      expect(await paces.spend(key, '2026-03-03', 11, 10)).toBe(false);
    });

    it('tells the pace with every reservation', async () => {
      const paces = await make();
      expect((await paces.reserve(key, 'send', slot(0))).pace).toBeUndefined();
      expect(await paces.swap(key, undefined, pace())).toBe(true);
      expect((await paces.reserve(key, 'send', slot(0))).pace).toEqual(pace());
      expect(await paces.get(key)).toEqual(pace());
      expect(await paces.get(other)).toBeUndefined();
    });

    it('takes the pace of one of two workers that read the same', async () => {
      const paces = await make();
      const next = pace({ throttled: 4 });
      expect(await paces.swap(key, undefined, pace())).toBe(true);
      expect(await paces.swap(key, undefined, pace())).toBe(false);
      expect(await paces.swap(key, pace(), next)).toBe(true);
      expect(await paces.swap(key, pace(), next)).toBe(false);
    });

    it('keeps the schedule when the pace changes', async () => {
      const paces = await make();
      await paces.reserve(key, 'send', slot(0));
      await paces.swap(key, undefined, pace());
      expect(await reserving(paces)(0)).toBe(100);
    });

    it('lists the senders of a tenant', async () => {
      const paces = await make();
      await paces.reserve(key, 'send', slot(0));
      await paces.reserve(other, 'entry', slot(0));
      await paces.reserve({ ...key, tenantId: 'tenant-b' }, 'send', slot(0));
      await paces.spend(key, '2026-03-02', 6, 10);
      await paces.swap(key, undefined, pace());
      const listed = [...(await paces.list('tenant-a'))].sort((a, b) =>
        a.sender < b.sender ? -1 : 1,
      );
      expect(listed).toEqual([
        { ...other, enteredUntil: BUILT_AT + 100 },
        { ...key, pace: pace(), busyUntil: BUILT_AT + 100, day: '2026-03-02', sentToday: 6 },
      ]);
    });
  });
}
