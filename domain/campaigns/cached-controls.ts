import { type Clock, SECOND } from '../clock.ts';
import type { Control } from './control.ts';
import type { Controls } from './ports.ts';

/** How long a worker goes by what it read: a hold counts at once for nobody, and after this for everybody. */
export const CONTROLS_CACHED = 5 * SECOND;

type Entry = { readonly at: number; readonly read: Promise<readonly Control[]> };

/**
 * The controls of a tenant, read once in five seconds however many messages ask. Callers that meet share
 * a read; one that failed is not kept. The time counts from the start of the read.
 */
export function cachedControls(
  { ofTenant }: Pick<Controls, 'ofTenant'>,
  clock: Clock,
): Controls['ofTenant'] {
  const entries = new Map<string, Entry>();
  return (tenantId) => {
    const now = clock();
    const known = entries.get(tenantId);
    if (known !== undefined && now - known.at < CONTROLS_CACHED && now >= known.at) {
      return known.read;
    }
    const read = ofTenant(tenantId).catch((error: unknown) => {
      entries.delete(tenantId);
      throw error;
    });
    entries.set(tenantId, { at: now, read });
    return read;
  };
}
