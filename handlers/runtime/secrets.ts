import { accessKeys } from '../../adapters/aws/access-keys.ts';
import { secretsManagerClient } from '../../adapters/aws/clients/secrets-manager.ts';
import { fetchSecret } from '../../adapters/aws/fetch-secret.ts';
import { tenantSecrets } from '../../adapters/aws/tenant-secrets.ts';
import { type Authenticate, authenticator } from '../../domain/access/access.ts';
import type { Observe } from '../../domain/observe.ts';
import type { TenantSecrets } from '../../domain/tenant/tenant-secret.ts';
import type { Settings } from './config.ts';
import type { secretSettings } from './function-settings.ts';
import { sameSecret } from './same-secret.ts';

/** Three tries fit into a function that must answer within 10 seconds, so that it can still say 503. */
export const promptly = { requestTimeout: 2_500 };

/** Tenants' secrets and the check of access keys, over one client. */
export function wireSecrets(
  config: Settings<typeof secretSettings>,
  observe: Observe,
): { readonly secrets: TenantSecrets; readonly authenticate: Authenticate } {
  const clock = Date.now;
  const common = {
    fetch: fetchSecret(secretsManagerClient(promptly)),
    ttlSeconds: config.secret_cache_ttl,
    clock,
    observe,
  };
  return {
    secrets: tenantSecrets({
      ...common,
      prefix: config.sm_secret_id_prefix,
      reserved: [config.access_keys_secret_id],
    }),
    authenticate: authenticator({
      keys: accessKeys({ ...common, secretId: config.access_keys_secret_id }),
      same: sameSecret,
      clock,
    }),
  };
}
