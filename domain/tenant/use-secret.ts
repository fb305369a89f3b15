import type { Failure } from '../failure.ts';
import type { SecretAnswer, TenantSecret, TenantSecrets } from './tenant-secret.ts';

/** Runs a call with the tenant's secret, and once more with a fresh one when the credentials were refused. */
export const freshOnce =
  (secret: TenantSecret, tenantId: string, secrets: TenantSecrets) =>
  async <T>(call: (secret: TenantSecret) => Promise<T>, isRefusal: (result: T) => boolean) => {
    const result = await call(secret);
    if (!isRefusal(result)) return result;
    const fresh = await secrets.get(tenantId, { refresh: true });
    if (fresh.kind !== 'found' || fresh.secret === secret) return result;
    return call(fresh.secret);
  };

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
        advice: 'Mend the secret, then replay.',
      };
