import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../domain/clock.ts';
import type { TenantSecret, TenantSecrets } from '../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { aTenantSecret } from '../fakes/tenant-secrets.ts';

/** A store that holds `tenant-a`'s secret, `aTenantSecret()`, and caches it for five minutes or longer. */
export type TenantSecretsUnderTest = {
  readonly secrets: TenantSecrets;
  readonly put: (tenantId: string, secret: TenantSecret) => void;
  readonly down: (isDown: boolean) => void;
  readonly advance: (ms: number) => void;
};

/** What every source of tenants' secrets does. */
export function tenantSecretsContract(name: string, make: () => Promise<TenantSecretsUnderTest>) {
  const rotated = aTenantSecret({ twilio_auth_token: 'rotated' });

  describe(`${name}, as TenantSecrets`, () => {
    it('finds a tenant, and knows that it does not know another', async () => {
      const { secrets } = await make();
      expect(await secrets.get('tenant-a')).toEqual({ kind: 'found', secret: aTenantSecret() });
      expect(await secrets.get('tenant-z')).toEqual({ kind: 'unknown-tenant' });
    });

    it('answers from its cache until it is asked to refresh', async () => {
      const { secrets, put, advance } = await make();
      await secrets.get('tenant-a');
      put('tenant-a', rotated);
      advance(MINUTE);
      expect(await secrets.get('tenant-a')).toEqual({ kind: 'found', secret: aTenantSecret() });
      const refreshed = { kind: 'found', secret: rotated };
      expect(await secrets.get('tenant-a', { refresh: true })).toEqual(refreshed);
      expect(await secrets.get('tenant-a')).toEqual(refreshed);
    });

    it('serves what it knows while the store is down', async () => {
      const { secrets, down } = await make();
      await secrets.get('tenant-a');
      down(true);
      expect(await secrets.get('tenant-a')).toEqual({ kind: 'found', secret: aTenantSecret() });
    });

    it('throws Unavailable while the store is down and nothing is known, and recovers', async () => {
      const { secrets, down } = await make();
      down(true);
      await expect(secrets.get('tenant-z')).rejects.toThrow(Unavailable);
      down(false);
      expect(await secrets.get('tenant-z')).toEqual({ kind: 'unknown-tenant' });
    });
  });
}
