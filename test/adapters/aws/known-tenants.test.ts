import { describe, expect, it } from 'vitest';
import { knownTenants } from '../../../adapters/aws/known-tenants.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { secretStore } from '../../support/secret-store.ts';

function setUp() {
  const store = secretStore({ 'app/tenant-a': {}, 'app/access-keys': {} });
  const tenants = knownTenants({
    exists: async (name) => (await store.fetch(name)) !== undefined,
    prefix: 'app/',
    reserved: ['app/access-keys'],
    ttlSeconds: 300,
    clock: fakeClock(),
    observe: fakeObserve(),
  });
  return { store, tenants };
}

describe('the tenants that there are', () => {
  it('are those with a secret, asked for once', async () => {
    const { store, tenants } = setUp();
    for (let no = 0; no < 3; no += 1) {
      expect(await tenants.isKnown('tenant-a')).toBe(true);
      expect(await tenants.isKnown('tenant-x')).toBe(false);
    }
    expect(store.asked).toEqual(['app/tenant-a', 'app/tenant-x']);
  });

  it('are never called like another secret', async () => {
    const { store, tenants } = setUp();
    expect(await tenants.isKnown('access-keys')).toBe(false);
    expect(await tenants.isKnown('../app/tenant-a')).toBe(false);
    expect(store.asked).toEqual([]);
  });

  it('cannot be told while the store is down', async () => {
    const { store, tenants } = setUp();
    store.outage.begin();
    await expect(tenants.isKnown('tenant-a')).rejects.toThrow(Unavailable);
  });
});
