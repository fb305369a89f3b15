import { tenantSecretSchema } from '../domain/tenant/tenant-secret.ts';
import type { SecretsByTenant } from './secrets.ts';
import { simulatorSecret, type TenantSecrets } from './simulators/credentials.ts';
import type { Simulators } from './simulators/start-simulators.ts';

/** Made-up credentials for each tenant, good at the simulated companies. */
export const embeddedSecrets = (simUrl: string, tenants: readonly string[]): SecretsByTenant =>
  Object.fromEntries(tenants.map((tenant) => [tenant, { ...simulatorSecret(simUrl, tenant) }]));

/** Tells the simulated companies who their customers are, and again when the secrets have changed. */
export async function introduce(
  simulators: Simulators,
  secrets: () => Promise<SecretsByTenant>,
): Promise<() => void> {
  let told: SecretsByTenant | undefined;
  const tell = async () => {
    const current = await secrets();
    if (current === told) return;
    told = current;
    simulators.setSecrets(knownToSimulators(current));
  };
  await tell();
  const timer = setInterval(tell, 1000);
  timer.unref();
  return () => clearInterval(timer);
}

/** The simulated companies have the customers whose secrets can be used. */
const knownToSimulators = (secrets: SecretsByTenant): TenantSecrets =>
  Object.fromEntries(
    Object.entries(secrets).flatMap(([tenant, secret]) => {
      const read = tenantSecretSchema.safeParse(secret);
      return read.success ? [[tenant, read.data]] : [];
    }),
  );
