import { describe, expect, it } from 'vitest';
import type { ReplyLog } from '../../domain/feedback/ports.ts';

const id = 'tenant-a#twilio#SM1';

/** What every log of reported replies does. `make` gives an empty one. */
export function replyLogContract(name: string, make: () => Promise<ReplyLog>) {
  describe(`${name}, as ReplyLog`, () => {
    it('gives a reply to one reporter at a time', async () => {
      const log = await make();
      expect(await log.claim(id, { now: 1000, until: 2000 })).toBe('claimed');
      expect(await log.claim(id, { now: 1999, until: 3000 })).toBe('held');
      expect(await log.claim('tenant-b#twilio#SM1', { now: 1999, until: 3000 })).toBe('claimed');
    });

    it('gives it to the next one when the first has not come back in time', async () => {
      const log = await make();
      await log.claim(id, { now: 1000, until: 2000 });
      expect(await log.claim(id, { now: 2000, until: 3000 })).toBe('claimed');
    });

    it('gives it to nobody once it is reported', async () => {
      const log = await make();
      await log.claim(id, { now: 1000, until: 2000 });
      await log.reported(id);
      expect(await log.claim(id, { now: 9000, until: 9999 })).toBe('reported');
    });

    it('gives it to the next one at once when the first gives it back', async () => {
      const log = await make();
      await log.claim(id, { now: 1000, until: 2000 });
      await log.release(id, 2000);
      expect(await log.claim(id, { now: 1001, until: 2001 })).toBe('claimed');
    });

    it('takes nothing back from a later reporter', async () => {
      const log = await make();
      await log.claim(id, { now: 1000, until: 2000 });
      await log.claim(id, { now: 2000, until: 3000 });
      await log.release(id, 2000);
      expect(await log.claim(id, { now: 2500, until: 3500 })).toBe('held');
      await log.reported(id);
      await log.release(id, 3000);
      expect(await log.claim(id, { now: 9000, until: 9999 })).toBe('reported');
    });

    it('lets one of many at once have it', async () => {
      const log = await make();
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, n) => log.claim(id, { now: 1000, until: 2000 + n })),
      );
      expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    });
  });
}
