import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/observe.ts';
import { type TenantSecrets, usableSecretSchema } from '../../domain/tenant/tenant-secret.ts';
import { cachedSecrets } from './cached-secrets.ts';
import type { FetchSecret } from './fetch-secret.ts';
import { type SecretNaming, secretNameOf } from './secret-name.ts';

/** Tenants' secrets, named `{prefix}{tenantId}` (`sm_secret_id_prefix`), cached for `ttlSeconds` (`secret_cache_ttl`). */
export function tenantSecrets(
  deps: SecretNaming & {
    readonly fetch: FetchSecret;
    readonly ttlSeconds: number;
    /** Whether a secret may have an http:// URL that leads to another machine (`insecure_urls`). */
    readonly insecureUrls: 'refuse' | 'allow';
    readonly clock: Clock;
    readonly observe: Pick<Observe, 'warn'>;
  },
): TenantSecrets {
  const read = cachedSecrets({ ...deps, schema: usableSecretSchema(deps.insecureUrls) });
  return {
    get: async (tenantId, options) => {
      const name = secretNameOf(tenantId, deps);
      if (name === undefined) return { kind: 'unknown-tenant' };
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
