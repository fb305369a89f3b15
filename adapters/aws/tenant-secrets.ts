import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/observe.ts';
import { tenantIdSchema } from '../../domain/outbound/message-request.ts';
import { type TenantSecrets, tenantSecretSchema } from '../../domain/tenant/tenant-secret.ts';
import { cachedSecrets } from './cached-secrets.ts';
import type { FetchSecret } from './fetch-secret.ts';

/** Tenants' secrets, named `{prefix}{tenantId}` (`sm_secret_id_prefix`), cached for `ttlSeconds` (`secret_cache_ttl`). */
export function tenantSecrets(deps: {
  readonly fetch: FetchSecret;
  readonly prefix: string;
  /** Names that fall under the prefix and are no tenant's: a tenant called `access-keys` is not one. */
  readonly reserved: readonly string[];
  readonly ttlSeconds: number;
  readonly clock: Clock;
  readonly observe: Pick<Observe, 'warn'>;
}): TenantSecrets {
  const read = cachedSecrets({ ...deps, schema: tenantSecretSchema });
  return {
    get: async (tenantId, options) => {
      const name = `${deps.prefix}${tenantId}`;
      if (!tenantIdSchema.safeParse(tenantId).success || deps.reserved.includes(name)) {
        return { kind: 'unknown-tenant' };
      }
      const secret = await read(name, options);
      switch (secret.kind) {
        case 'found':
          return { kind: 'found', secret: secret.value };
        case 'absent':
          return { kind: 'unknown-tenant' };
        case 'invalid':
          return secret;
      }
    },
  };
}
