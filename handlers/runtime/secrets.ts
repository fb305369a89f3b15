import { accessKeys } from '../../adapters/aws/access-keys.ts';
import { hashAddress } from '../../adapters/aws/address-hash.ts';
import { secretsManagerClient } from '../../adapters/aws/clients/secrets-manager.ts';
import { fetchSecret, secretExists } from '../../adapters/aws/fetch-secret.ts';
import { knownTenants } from '../../adapters/aws/known-tenants.ts';
import { tenantSecrets } from '../../adapters/aws/tenant-secrets.ts';
import { type Authenticate, authenticator } from '../../domain/access/access.ts';
import type { Observe } from '../../domain/observe.ts';
import type { KnownTenants } from '../../domain/tenant/known-tenants.ts';
import type { TenantSecrets } from '../../domain/tenant/tenant-secret.ts';
import type { Settings } from './config.ts';
import { keyDigest, sameSecret } from './same-secret.ts';
import type { secretSettings, tenantSecretSettings } from './setting-groups.ts';

/**
 * For functions that must answer within 10 s: a request asks for keys, for a secret and for a queue, one
 * after the other, and all of their tries together fit in, so that the answer can still be our 503.
 */
export const shortTimeouts = { requestTimeout: 1_200, maxAttempts: 2 };

const clock = Date.now;
/** One for each cold start: connections are shared. */
let shared: ReturnType<typeof secretsManagerClient> | undefined;
const client = () => {
  shared ??= secretsManagerClient(shortTimeouts);
  return shared;
};

/** Where the secrets of this deployment are, and for how long they are cached. */
const common = (config: Settings<typeof secretSettings>, observe: Observe) => ({
  prefix: config.sm_secret_id_prefix,
  reserved: [config.access_keys_secret_id],
  ttlSeconds: config.secret_cache_ttl,
  clock,
  observe,
});

/** Tenants' secrets. Only for functions whose role may read them all. */
export const wireSecrets = (
  config: Settings<typeof tenantSecretSettings>,
  observe: Observe,
): TenantSecrets =>
  tenantSecrets({
    ...common(config, observe),
    insecureUrls: config.insecure_urls,
    fetch: fetchSecret(client()),
  });

/** Which tenants there are, for functions whose role may not read their secrets. */
export const wireKnownTenants = (
  config: Settings<typeof secretSettings>,
  observe: Observe,
): KnownTenants =>
  knownTenants({
    ...common(config, observe),
    exists: secretExists(client()),
  });

/** Hashes of addresses, while messages can be searched for. */
export const wireAddressHash = ({
  message_search,
  address_hash_secret_id: secretId,
}: Settings<readonly ['message_search', 'address_hash_secret_id']>) =>
  message_search === 'on'
    ? hashAddress({ fetch: fetchSecret(client()), secretId, clock })
    : undefined;

/** The check of access keys. */
export const wireAccess = (
  config: Settings<typeof secretSettings>,
  observe: Observe,
): Authenticate =>
  authenticator({
    keys: accessKeys({
      ...common(config, observe),
      fetch: fetchSecret(client()),
      secretId: config.access_keys_secret_id,
    }),
    same: sameSecret,
    digest: keyDigest,
    clock,
    observe,
  });
