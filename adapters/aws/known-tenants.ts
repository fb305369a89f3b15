import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/observe.ts';
import type { KnownTenants } from '../../domain/tenant/known-tenants.ts';
import { cachedSecrets } from './cached-secrets.ts';
import type { FetchSecret } from './fetch-secret.ts';
import { type SecretNaming, secretNameOf } from './secret-name.ts';

/** Tenants by the names of their secrets, cached for `ttlSeconds` (`secret_cache_ttl`); never reads a secret. */
export function knownTenants(
  deps: SecretNaming & {
    /** Whether there is a secret of this name. */
    readonly exists: (name: string) => Promise<boolean>;
    readonly ttlSeconds: number;
    readonly clock: Clock;
    readonly observe: Pick<Observe, 'warn'>;
  },
): KnownTenants {
  const fetch: FetchSecret = async (name) => ((await deps.exists(name)) ? '{}' : undefined);
  const read = cachedSecrets({ ...deps, fetch, schema: z.object({}) });
  return {
    isKnown: async (tenantId) => {
      const name = secretNameOf(tenantId, deps);
      return name !== undefined && (await read(name)).kind !== 'absent';
    },
  };
}
