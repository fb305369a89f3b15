import type { KnownTenants } from '../../domain/tenant/known-tenants.ts';
import type {
  SecretAnswer,
  TenantSecret,
  TenantSecrets,
} from '../../domain/tenant/tenant-secret.ts';
import { outageOf } from './outage.ts';

/** A tenant's secret with everything that both providers and CI360 need. */
export function aTenantSecret(overrides: Partial<TenantSecret> = {}): TenantSecret {
  return {
    twilio_account_sid: `AC${'0'.repeat(32)}`,
    twilio_auth_token: 'twilio-token-for-tests',
    scg_access_token: 'scg-token-for-tests',
    scg_webhook_username: 'scg-user',
    scg_webhook_password: 'scg-password-for-tests',
    ci360_api_url: 'http://127.0.0.1:9/marketingGateway/events',
    ci360_token: 'ci360-token-for-tests',
    ...overrides,
  };
}

/** Secrets in memory, cached for ever: `put` changes what the store has, a refresh sees it. */
export function fakeTenantSecrets(
  initial: Readonly<Record<string, TenantSecret>> = { 'tenant-a': aTenantSecret() },
) {
  const stored = new Map<string, SecretAnswer>(
    Object.entries(initial).map(([tenantId, secret]) => [tenantId, { kind: 'found', secret }]),
  );
  const cached = new Map(stored);
  const refreshes: string[] = [];
  const outage = outageOf('secrets');
  const port: TenantSecrets = {
    get: async (tenantId, { refresh = false } = {}) => {
      const known = cached.get(tenantId);
      if (known !== undefined && !refresh) return known;
      if (refresh) refreshes.push(tenantId);
      outage.check();
      const answer = stored.get(tenantId) ?? { kind: 'unknown-tenant' };
      cached.set(tenantId, answer);
      return answer;
    },
  };
  const known: KnownTenants = {
    isKnown: async (tenantId) => (await port.get(tenantId)).kind !== 'unknown-tenant',
  };
  return {
    ...port,
    ...known,
    outage,
    /** Tenants whose secret was asked for again, in order. */
    refreshes,
    put: (tenantId: string, answer: SecretAnswer) => {
      stored.set(tenantId, answer);
    },
  };
}
