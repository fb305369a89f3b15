import { expect, it } from 'vitest';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { withFreshSecret } from '../../../domain/tenant/use-secret.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const stale = aTenantSecret({ twilio_auth_token: 'stale' });
const fresh = aTenantSecret({ twilio_auth_token: 'fresh' });

/** A tenant whose stored secret is `stored`; the provider accepts the token `fresh` only. */
function aProvider(stored: TenantSecret) {
  const secrets = fakeTenantSecrets({ 'tenant-a': stale });
  secrets.put('tenant-a', { kind: 'found', secret: stored });
  const tokens: unknown[] = [];
  const credentials = withFreshSecret({ tenantId: 'tenant-a', secret: stale, secrets });
  const call = () =>
    credentials(
      async ({ twilio_auth_token }) => {
        tokens.push(twilio_auth_token);
        return twilio_auth_token === 'fresh' ? 'accepted' : 'rejected';
      },
      (result) => result === 'rejected',
    );
  return { call, secrets, tokens };
}

it('repeats a rejected call with the rotated secret, and starts with it from then on', async () => {
  const { call, secrets, tokens } = aProvider(fresh);
  expect([await call(), await call()]).toEqual(['accepted', 'accepted']);
  expect(tokens).toEqual(['stale', 'fresh', 'fresh']);
  expect(secrets.refreshes).toEqual(['tenant-a']);
});

it('fetches the secret once for calls that are rejected at the same time', async () => {
  const { call, secrets } = aProvider(fresh);
  expect(await Promise.all([call(), call(), call()])).toEqual(Array(3).fill('accepted'));
  expect(secrets.refreshes).toHaveLength(1);
});

it('does not repeat a rejected call with the same secret, and fetches it once', async () => {
  const { call, secrets, tokens } = aProvider(stale);
  expect([await call(), await call()]).toEqual(['rejected', 'rejected']);
  expect(tokens).toEqual(['stale', 'stale']);
  expect(secrets.refreshes).toHaveLength(1);
});

it('returns the rejection when the tenant no longer has a secret', async () => {
  const { call, secrets, tokens } = aProvider(fresh);
  secrets.put('tenant-a', { kind: 'unknown-tenant' });
  expect(await call()).toBe('rejected');
  expect(tokens).toEqual(['stale']);
});
