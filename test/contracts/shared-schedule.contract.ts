import { describe, expect, it } from 'vitest';
import type { SharedSchedule, Slot } from '../../domain/shared-schedule.ts';
import { BUILT_AT } from '../builders/message-request.ts';

/** A slot of 100 ms that is due at `at` ms. */
const slot = (at: number, overrides: Partial<Slot> = {}): Slot => ({
  freeBy: BUILT_AT + at,
  dueAt: BUILT_AT + at,
  endsAt: BUILT_AT + at + 100,
  lengthMs: 100,
  latestAt: BUILT_AT + at + 5000,
  wrongAfter: BUILT_AT + at + 60_000,
  ...overrides,
});

/** What every shared schedule does. `make` gives an empty one. */
export function sharedScheduleContract(name: string, make: () => Promise<SharedSchedule>) {
  describe(`${name}, as SharedSchedule`, () => {
    const scheduleOf = async () => {
      const schedule = await make();
      return async (at: number, overrides: Partial<Slot> = {}) => {
        const begins = await schedule.reserve(slot(at, overrides));
        return begins === undefined ? undefined : begins - BUILT_AT;
      };
    };

    it('gives the first slot when it is due', async () => {
      expect(await (await scheduleOf())(0)).toBe(0);
    });

    it('gives slots that are due together one after the other', async () => {
      const reserve = await scheduleOf();
      expect([await reserve(0), await reserve(0), await reserve(0)]).toEqual([0, 100, 200]);
    });

    it('gives no slot to two that ask at once', async () => {
      const reserve = await scheduleOf();
      const all = await Promise.all(Array.from({ length: 8 }, () => reserve(0)));
      expect(all.sort((a, b) => Number(a) - Number(b))).toEqual([
        0, 100, 200, 300, 400, 500, 600, 700,
      ]);
    });

    it('does not delay a slot that is due when the last one ends, nor give back idle time', async () => {
      const reserve = await scheduleOf();
      expect([await reserve(0), await reserve(100), await reserve(4000)]).toEqual([0, 100, 4000]);
      expect(await reserve(4000)).toBe(4100);
    });

    it('keeps fractions of a ms', async () => {
      const reserve = await scheduleOf();
      const third = 1000 / 300;
      for (let no = 0; no < 30; no++)
        await reserve(0, { endsAt: BUILT_AT + third, lengthMs: third });
      expect(await reserve(0)).toBeCloseTo(100, 2);
    });

    it('counts a slot that the replay holds as free', async () => {
      const reserve = await scheduleOf();
      await reserve(0);
      expect(await reserve(30, { freeBy: BUILT_AT + 100 })).toBe(30);
      expect(await reserve(30)).toBe(130);
    });

    it('reserves nothing that would begin too late', async () => {
      const reserve = await scheduleOf();
      for (let no = 0; no < 3; no++) await reserve(0);
      expect(await reserve(0, { latestAt: BUILT_AT + 299 })).toBeUndefined();
      expect(await reserve(0, { latestAt: BUILT_AT + 300 })).toBe(300);
    });

    it('replaces what a wrong clock wrote', async () => {
      const reserve = await scheduleOf();
      await reserve(3_600_000);
      expect(await reserve(0)).toBe(0);
      expect(await reserve(0)).toBe(100);
    });
  });
}
