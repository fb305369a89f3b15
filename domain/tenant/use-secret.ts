import type { Failure } from '../failure.ts';
import type { SecretAnswer, TenantSecret, TenantSecrets } from './tenant-secret.ts';

/** Makes a call with a tenant's secret. `isRejected`: the other side did not accept the credentials. */
export type Credentials = <T>(
  call: (secret: TenantSecret) => Promise<T>,
  isRejected: (result: T) => boolean,
) => Promise<T>;

/**
 * Makes calls with a tenant's secret. After a rejection the secret is fetched again, once, because it may
 * have been rotated; that call is repeated with the new secret, and later calls start with it.
 */
export function withFreshSecret({
  tenantId,
  secret,
  secrets,
}: {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly secrets: TenantSecrets;
}): Credentials {
  let current = secret;
  let refresh: ReturnType<TenantSecrets['get']> | undefined;
  return async (call, isRejected) => {
    const used = current;
    const result = await call(used);
    if (!isRejected(result)) return result;
    refresh ??= secrets.get(tenantId, { refresh: true });
    const fresh = await refresh;
    if (fresh.kind !== 'found' || fresh.secret === used) return result;
    current = fresh.secret;
    return call(current);
  };
}

/** Why nothing can be done for a tenant whose secret is missing or broken. */
export const withoutSecret = (answer: Exclude<SecretAnswer, { kind: 'found' }>): Failure =>
  answer.kind === 'unknown-tenant'
    ? {
        class: 'config',
        code: 'unknown-tenant',
        message: 'There is no secret for this tenant.',
        advice: 'Create the secret named after the tenant, then replay.',
      }
    : {
        class: 'config',
        code: 'secret-invalid',
        message: `The tenant's secret cannot be used: ${answer.issue}.`,
        advice: 'Fix the secret, then replay.',
      };
