import { describe, expect, it } from 'vitest';
import type { AnswerLog } from '../../domain/feedback/ports.ts';

const id = 'tenant-a#HELP#+12025550123';
const first = { messageId: 'SM1', now: 1_000, until: 5_000 };

/** What every log of answers does. `make` gives an empty one. */
export function answerLogContract(name: string, make: () => Promise<AnswerLog>) {
  describe(`${name}, as AnswerLog`, () => {
    it('lets one message of a window be answered', async () => {
      const log = await make();
      expect(await log.take(id, first)).toBe(true);
      expect(await log.take(id, { messageId: 'SM2', now: 4_999, until: 9_000 })).toBe(false);
    });

    it('lets the same message be answered again', async () => {
      const log = await make();
      await log.take(id, first);
      expect(await log.take(id, { ...first, now: 2_000 })).toBe(true);
    });

    it('lets another message be answered once the window is over', async () => {
      const log = await make();
      await log.take(id, first);
      expect(await log.take(id, { messageId: 'SM2', now: 5_000, until: 9_000 })).toBe(true);
      expect(await log.take(id, { messageId: 'SM3', now: 5_001, until: 9_001 })).toBe(false);
    });

    it('keeps people, tenants and kinds of answers apart', async () => {
      const log = await make();
      await log.take(id, first);
      for (const other of [
        'tenant-a#AUTO#+12025550123',
        'tenant-b#HELP#+12025550123',
        'tenant-a#HELP#+12025550124',
      ]) {
        expect(await log.take(other, { ...first, messageId: 'SM2' })).toBe(true);
      }
    });

    it('lets one of many messages at once be answered', async () => {
      const log = await make();
      const taken = await Promise.all(
        Array.from({ length: 10 }, (_, n) => log.take(id, { ...first, messageId: `SM${n}` })),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
    });
  });
}
