import { describe, expect, it } from 'vitest';
import { type Clock, SECOND } from '../../domain/clock.ts';
import type { Identities } from '../../domain/delivery/ports.ts';
import { fakeClock } from '../fakes/clock.ts';

const phone = '+12025550123';

/** What every cache of identities does. `make` gives an empty one. */
export function identitiesContract(
  name: string,
  make: (deps: { ttlSeconds: number; clock: Clock }) => Promise<Identities>,
) {
  const setUp = async () => {
    const clock = fakeClock();
    return { clock, identities: await make({ ttlSeconds: 60, clock }) };
  };

  describe(`${name}, as Identities`, () => {
    it('finds who was written to', async () => {
      const { identities } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      const found = { tenantId: 'tenant-a', datahubId: 'person-1' };
      expect(await identities.find(phone)).toEqual(found);
      expect(await identities.find(phone, 'tenant-a')).toEqual(found);
    });

    it('finds nobody at another address or for another tenant', async () => {
      const { identities } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      expect(await identities.find('+12025550124')).toBeUndefined();
      expect(await identities.find(phone, 'tenant-b')).toBeUndefined();
    });

    it('keeps tenants who write to one phone apart, and knows the latest', async () => {
      const { identities } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      await identities.remember(phone, 'tenant-b', 'person-2');
      expect((await identities.find(phone, 'tenant-a'))?.datahubId).toBe('person-1');
      expect((await identities.find(phone, 'tenant-b'))?.datahubId).toBe('person-2');
      expect((await identities.find(phone))?.tenantId).toBe('tenant-b');
    });

    it('takes the latest identity of a tenant', async () => {
      const { identities } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      await identities.remember(phone, 'tenant-a', 'person-2');
      expect((await identities.find(phone, 'tenant-a'))?.datahubId).toBe('person-2');
    });

    it.each([
      ['Mexico', '+525512345678', 'whatsapp:+5215512345678'],
      ['Brazil', '+5531987654321', '+553187654321'],
      ['Argentina', '+541123456789', '+5491123456789'],
    ])(
      'finds who was written to at a number of %s when they answer from its other form',
      async (_, dialled, onWhatsApp) => {
        const { identities } = await setUp();
        await identities.remember(dialled, 'tenant-a', 'person-1');
        expect((await identities.find(onWhatsApp, 'tenant-a'))?.datahubId).toBe('person-1');
      },
    );

    it('forgets after its time, counted from the latest message', async () => {
      const { identities, clock } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      clock.advance(59 * SECOND);
      await identities.remember(phone, 'tenant-a', 'person-1');
      clock.advance(59 * SECOND);
      expect(await identities.find(phone)).toBeDefined();
      clock.advance(SECOND);
      expect(await identities.find(phone)).toBeUndefined();
    });

    it("counts a tenant's time from its own latest message, not from another tenant's", async () => {
      const { identities, clock } = await setUp();
      await identities.remember(phone, 'tenant-a', 'person-1');
      clock.advance(30 * SECOND);
      await identities.remember(phone, 'tenant-b', 'person-2');
      clock.advance(30 * SECOND);
      expect(await identities.find(phone, 'tenant-a')).toBeUndefined();
      expect((await identities.find(phone, 'tenant-b'))?.datahubId).toBe('person-2');
    });
  });
}
