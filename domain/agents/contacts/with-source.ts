import type { TenantSecret, TenantSecrets } from '../../tenant/tenant-secret.ts';
import { type ContactSource, type SourceOf, SourceRefused } from './ports.ts';

/** Works with a tenant's source, and once more with the secret fetched anew when its token was refused. */
export async function withSource<T>(
  deps: { readonly secrets: TenantSecrets; readonly sourceOf: SourceOf },
  tenantId: string,
  secret: TenantSecret,
  act: (source: ContactSource) => Promise<T>,
): Promise<T> {
  try {
    return await act(deps.sourceOf(tenantId, secret));
  } catch (error) {
    if (!(error instanceof SourceRefused) || error.status !== 401) throw error;
    const again = await deps.secrets.get(tenantId, { refresh: true });
    if (again.kind !== 'found') throw error;
    return act(deps.sourceOf(tenantId, again.secret));
  }
}
