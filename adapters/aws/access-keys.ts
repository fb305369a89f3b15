import {
  type AccessKeySet,
  type AccessKeys,
  accessKeysSchema,
  clearKeys,
} from '../../domain/access/access-keys.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Observe } from '../../domain/observe.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { cachedSecrets } from './cached-secrets.ts';
import type { FetchSecret } from './fetch-secret.ts';

/**
 * The secret with the connector and operator keys (`access_keys_secret_id`). One that is missing or
 * cannot be read is as bad as a store that is down: no caller can be identified, so callers get a 503 to
 * try again, not a 401 that blames their key; the log says what to fix.
 */
export function accessKeys(deps: {
  readonly fetch: FetchSecret;
  readonly secretId: string;
  readonly ttlSeconds: number;
  readonly clock: Clock;
  readonly observe: Pick<Observe, 'warn' | 'error'>;
}): AccessKeys {
  const read = cachedSecrets({ ...deps, schema: accessKeysSchema });
  let warned = false;
  /** Once per cold start: the keys work, but whoever may read the secret may use them. */
  const warnOfClear = (keys: AccessKeySet) => {
    const count = clearKeys(keys).length;
    if (count === 0 || warned) return;
    warned = true;
    deps.observe.warn('access keys are stored in clear text; replace `key` by `sha256`', { count });
  };
  return {
    get: async (options) => {
      const secret = await read(deps.secretId, options);
      if (secret.kind === 'found') {
        warnOfClear(secret.value);
        return secret.value;
      }
      const error =
        secret.kind === 'absent' ? 'the secret with the access keys does not exist' : secret.issue;
      deps.observe.error('no access keys', { dependency: 'access-keys', error });
      throw new Unavailable('access-keys');
    },
  };
}
