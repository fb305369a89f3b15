import { type Clock, SECOND } from '../../domain/clock.ts';
import type { Identities } from '../../domain/delivery/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { fakeClock } from './clock.ts';
import { outageOf } from './outage.ts';

type Known = { latest: string; byTenant: Map<string, string>; until: number };

/** Identities in memory, kept for `ttlSeconds`. */
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
      const byTenant = new Map(known.get(key)?.byTenant).set(tenantId, datahubId);
      known.set(key, { latest: tenantId, byTenant, until: clock() + ttlSeconds * SECOND });
    },
    find: async (address, tenantId) => {
      outage.check();
      const at = known.get(addressKey(address));
      if (at === undefined || at.until <= clock()) return undefined;
      const of = tenantId ?? at.latest;
      const datahubId = at.byTenant.get(of);
      return datahubId === undefined ? undefined : { tenantId: of, datahubId };
    },
  };
  return { ...port, outage };
}
