import { forbidden } from '../access/access.ts';
import { type Caller, mayActFor } from '../access/access-keys.ts';
import { failedRequestStatuses } from '../failed-requests/failed-request.ts';
import { invalid, notFound } from '../refused.ts';
import type { OperatorDeps } from './deps.ts';

/** The tenant a request is about: the one it names, or the only one that its key is good for. */
export function tenantOf(caller: Caller, named: string | undefined): string {
  if (named !== undefined) return named;
  const [only, ...others] = caller.tenants === '*' ? [] : caller.tenants;
  if (only === undefined || others.length > 0) {
    throw invalid('tenantId', 'is needed: this key is good for more than one tenant');
  }
  return only;
}

/** Refuses a change that cannot be undone, unless the caller has repeated the tenant id. */
export function repeatedTenant(confirm: string | undefined, tenantId: string, why: string): void {
  if (confirm !== tenantId) throw invalid('confirm', `must repeat the tenant id: ${why}`);
}

/**
 * Refuses a tenant that the key may not act for (403), and one that nobody knows (404): it has no
 * secret, and nothing of it ever failed. A tenant whose secret is missing is looked after here too.
 */
export async function checkTenant(
  caller: Caller,
  tenantId: string,
  deps: Pick<OperatorDeps, 'tenants' | 'failedRequests'>,
): Promise<void> {
  if (!mayActFor(caller, tenantId)) {
    throw forbidden();
  }
  if (await deps.tenants.isKnown(tenantId)) return;
  for (const status of failedRequestStatuses) {
    const { items } = await deps.failedRequests.list({ tenantId, status }, { limit: 1 });
    if (items.length > 0) return;
  }
  throw notFound(`There is no tenant ${tenantId}: it has no secret and no failed request.`);
}
