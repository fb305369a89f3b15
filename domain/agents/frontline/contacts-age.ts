import { MINUTE, SECOND } from '../../clock.ts';
import { refreshContacts } from '../contacts/refresh.ts';
import { withSource } from '../contacts/with-source.ts';
import type { Callback, FrontlineDeps } from './callback.ts';

/** A customer who is not in the copy triggers a refresh, at most this often. */
const MISS_INTERVAL = MINUTE;
/** How long the very first list waits for the source before it shows what there is. */
const FIRST_LOAD_LIMIT = 2500;

/** Requests a refresh in the background, at most one per `interval` ms. Never fails the callback. */
export async function requestRefresh(
  { tenantId }: Pick<Callback, 'tenantId'>,
  { clock, copy, jobs, observe }: FrontlineDeps,
  interval = MISS_INTERVAL,
): Promise<void> {
  try {
    const now = clock();
    if (!(await copy.claimRefresh(tenantId, now, now - interval))) return;
    await jobs.add({ kind: 'refresh', tenantId, askedAt: now });
  } catch {
    observe.warn('a refresh of the contacts could not be requested', { tenantId });
  }
}

/** Fills an empty copy as far as the time allows; the rest follows in the background. */
async function firstLoad({ tenantId, credentials }: Callback, deps: FrontlineDeps): Promise<void> {
  const now = deps.clock();
  if (!(await deps.copy.claimRefresh(tenantId, now, now - MISS_INTERVAL))) return;
  try {
    const limit = deps.limit(FIRST_LOAD_LIMIT);
    await withSource(deps, tenantId, credentials, (source) =>
      refreshContacts(deps, source, tenantId, limit),
    );
  } catch {
    await deps.jobs.add({ kind: 'refresh', tenantId, askedAt: now });
  }
}

/** A header with the seconds since the last refresh; undefined for a tenant whose contacts are our own. */
export async function contactsAge(
  callback: Callback,
  deps: FrontlineDeps,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (!deps.isCopied(callback.secret)) return undefined;
  let { refreshedAt } = await deps.copy.state(callback.tenantId);
  if (refreshedAt === undefined) {
    await firstLoad(callback, deps);
    refreshedAt = (await deps.copy.state(callback.tenantId)).refreshedAt;
  }
  const seconds =
    refreshedAt === undefined
      ? 'unknown'
      : `${Math.max(0, Math.floor((deps.clock() - refreshedAt) / SECOND))}`;
  return { 'x-contacts-age': seconds };
}
