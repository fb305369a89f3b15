import { describe, expect, it } from 'vitest';
import { SECOND } from '../../domain/clock.ts';
import type { RefusalRules } from '../../domain/opt-outs/opt-out.ts';
import type { OptOuts } from '../../domain/opt-outs/ports.ts';
import { fakeClock } from '../fakes/clock.ts';

const phone = '+12025550123';

/** What every store of opt-outs does. `make` gives an empty one. */
export function optOutsContract(name: string, make: (rules: RefusalRules) => Promise<OptOuts>) {
  const setUp = async () => {
    const clock = fakeClock();
    return { clock, optOuts: await make({ refusalTtlSeconds: 60, clock }) };
  };

  describe(`${name}, as OptOuts`, () => {
    it('knows nobody who said nothing', async () => {
      const { optOuts } = await setUp();
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      expect(await optOuts.preferenceOf('tenant-a', phone)).toEqual({});
    });

    it('remembers a STOP for one tenant and one address', async () => {
      const { optOuts } = await setUp();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      expect(await optOuts.isOptedOut('tenant-b', phone)).toBe(false);
      expect(await optOuts.isOptedOut('tenant-a', '+12025550124')).toBe(false);
    });

    it('forgets it after a START, and remembers the next STOP', async () => {
      const { optOuts } = await setUp();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      await optOuts.optIn('tenant-a', phone, 'reply', 2_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      await optOuts.optOut('tenant-a', phone, 'reply', 3_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });

    it('lets the latest statement win in whatever order the statements come', async () => {
      const { optOuts } = await setUp();
      await optOuts.optIn('tenant-a', phone, 'reply', 2_000);
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      await optOuts.optOut('tenant-a', phone, 'reply', 4_000);
      await optOuts.optIn('tenant-a', phone, 'reply', 3_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });

    it('takes a STOP for more than a START of the same moment', async () => {
      for (const stopFirst of [true, false]) {
        const { optOuts } = await setUp();
        if (stopFirst) await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
        await optOuts.optIn('tenant-a', phone, 'reply', 1_000);
        if (!stopFirst) await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
        expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      }
    });

    it.each([
      ['Mexico', '+525512345678', 'whatsapp:+5215512345678'],
      ['Brazil', '+5531987654321', '+553187654321'],
      ['Argentina', '+541123456789', '+5491123456789'],
    ])('knows a number of %s in both of its forms', async (_, dialled, onWhatsApp) => {
      const { optOuts } = await setUp();
      await optOuts.optOut('tenant-a', onWhatsApp, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', dialled)).toBe(true);
      await optOuts.optIn('tenant-a', dialled, 'reply', 2_000);
      expect(await optOuts.isOptedOut('tenant-a', onWhatsApp)).toBe(false);
    });

    it('hears a statement twice without harm', async () => {
      const { optOuts } = await setUp();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    });

    it('counts a statement once by the id of its message, and says whether it changed anything', async () => {
      const { optOuts } = await setUp();
      const say = (call: 'optOut' | 'optIn', id: string, at: number) =>
        optOuts[call]('tenant-a', phone, 'twilio:word', at, id);
      expect(await say('optIn', 'SM1', 1_000)).toBe(false);
      expect(await say('optOut', 'SM2', 2_000)).toBe(true);
      expect(await say('optOut', 'SM2', 2_500)).toBe(true);
      expect(await say('optIn', 'SM1', 3_000)).toBe(false);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      expect(await say('optOut', 'SM3', 4_000)).toBe(false);
      expect(await say('optIn', 'SM4', 5_000)).toBe(true);
      expect(await say('optOut', 'SM2', 6_000)).toBe(false);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      expect((await optOuts.preferenceOf('tenant-a', phone)).statement).toMatchObject({
        messageId: 'SM4',
      });
    });

    it('counts a refusal for a time, which the next one begins anew', async () => {
      const { clock, optOuts } = await setUp();
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', clock());
      clock.advance(59 * SECOND);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', clock());
      clock.advance(59 * SECOND);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      clock.advance(SECOND);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    });

    it('counts a STOP for ever, though a refusal came before it or after it', async () => {
      for (const order of ['stop-first', 'refusal-first', 'late-stop'] as const) {
        const { clock, optOuts } = await setUp();
        const at = clock();
        if (order === 'stop-first') await optOuts.optOut('tenant-a', phone, 'reply', at - 1);
        await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', at);
        if (order === 'refusal-first') await optOuts.optOut('tenant-a', phone, 'reply', at + 1);
        if (order === 'late-stop') await optOuts.optOut('tenant-a', phone, 'reply', at - 1);
        clock.advance(61 * SECOND);
        expect(await optOuts.isOptedOut('tenant-a', phone), order).toBe(true);
      }
    });

    it('forgets a refusal after a START, and counts the next one', async () => {
      const { clock, optOuts } = await setUp();
      await optOuts.optIn('tenant-a', phone, 'reply', clock());
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', clock() - 1);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', clock() + 1);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      await optOuts.optIn('tenant-a', phone, 'reply', clock() + 2);
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    });

    it('tells all that it knows, and by whom', async () => {
      const { optOuts } = await setUp();
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', 1_000);
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:63033', 500);
      await optOuts.optIn('tenant-a', phone, 'operator:on-call', 2_000);
      await optOuts.optOut('tenant-a', phone, 'twilio:STOP', 1_500);
      expect(await optOuts.preferenceOf('tenant-a', phone)).toEqual({
        statement: { status: 'opted-in', source: 'operator:on-call', at: 2_000 },
        refusal: { source: 'twilio:21610', at: 1_000 },
      });
    });

    it('remembers that a person was erased, beside all that is said', async () => {
      const { optOuts } = await setUp();
      await optOuts.optOut('tenant-a', phone, 'reply', 1_000);
      await optOuts.markErased('tenant-a', phone, 5_000);
      await optOuts.markErased('tenant-a', phone, 4_000);
      await optOuts.optIn('tenant-a', phone, 'reply', 6_000);
      await optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', 7_000);
      expect(await optOuts.stateOf('tenant-a', phone)).toEqual({
        isOptedOut: false,
        erasedAt: 5_000,
      });
      await optOuts.markErased('tenant-a', '+12025550124', 1_000);
      expect(await optOuts.stateOf('tenant-a', '+12025550124')).toEqual({
        isOptedOut: false,
        erasedAt: 1_000,
      });
    });

    it('loses no statement of several that are recorded at once', async () => {
      const { optOuts } = await setUp();
      await Promise.all([
        optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', 4_000),
        optOuts.optIn('tenant-a', phone, 'reply', 2_000),
        optOuts.optOut('tenant-a', phone, 'reply', 3_000),
        optOuts.optOut('tenant-a', phone, 'reply', 1_000),
      ]);
      expect(await optOuts.preferenceOf('tenant-a', phone)).toEqual({
        statement: { status: 'opted-out', source: 'reply', at: 3_000 },
        refusal: { source: 'twilio:21610', at: 4_000 },
      });
    });
  });
}
