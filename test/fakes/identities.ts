import { type Clock, SECOND } from '../../domain/clock.ts';
import type { Identities } from '../../domain/delivery/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { fakeClock } from './clock.ts';
import { outageOf } from './outage.ts';

type Known = { latest: string; byTenant: Map<string, { datahubId: string; until: number }> };

/** Identities in memory, each tenant's kept for `ttlSeconds`. */
export function fakeIdentities({
  ttlSeconds = 2_592_000,
  clock = fakeClock(),
}: {
  ttlSeconds?: number;
  clock?: Clock;
} = {}) {
  const known = new Map<string, Known>();
  const outage = outageOf('identities');
  const port: Identities = {
    remember: async (address, tenantId, datahubId) => {
      outage.check();
      const key = addressKey(address);
      const own = { datahubId, until: clock() + ttlSeconds * SECOND };
      const byTenant = new Map(known.get(key)?.byTenant).set(tenantId, own);
      known.set(key, { latest: tenantId, byTenant });
    },
    find: async (address, tenantId) => {
      outage.check();
      const at = known.get(addressKey(address));
      const of = tenantId ?? at?.latest ?? '';
      const own = at?.byTenant.get(of);
      if (own === undefined || own.until <= clock()) return undefined;
      return { tenantId: of, datahubId: own.datahubId };
    },
  };
  return { ...port, outage };
}
