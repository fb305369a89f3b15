import * as z from 'zod';
import type { Observe } from '../../observe.ts';
import { tenantIdSchema } from '../../tenant/tenant-id.ts';
import type { TenantSecrets } from '../../tenant/tenant-secret.ts';
import { withFreshSecret } from '../../tenant/use-secret.ts';
import { type ContactJob, type ContactJobs, type SourceOf, SourceRefused } from './ports.ts';
import { type RefreshDeps, refreshContacts } from './refresh.ts';
import { withSource } from './with-source.ts';

export const contactJobSchema: z.ZodType<ContactJob> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refresh'), tenantId: tenantIdSchema, askedAt: z.number() }),
  z.object({ kind: z.literal('show-opt-out'), tenantId: tenantIdSchema, number: z.string() }),
]);

export type JobDeps = RefreshDeps & {
  readonly secrets: TenantSecrets;
  readonly sourceOf: SourceOf;
  readonly observe: Observe;
};

/**
 * Shows the current opt-out with a contact, not that of the time of the job: jobs may arrive twice and out of
 * order.
 */
async function showOptOut(
  deps: JobDeps,
  source: ReturnType<SourceOf>,
  { tenantId, number }: ContactJob & { kind: 'show-opt-out' },
  signal: AbortSignal,
): Promise<void> {
  const contact = await deps.copy.findByNumber(tenantId, number);
  if (contact === undefined) return;
  const optedOut = await deps.optOuts.isOptedOut(tenantId, number);
  const shown = await source.showOptOut(contact.id, optedOut, signal);
  if (shown && !source.isCopy) {
    await deps.copy.put(tenantId, { ...contact, optedOut }, deps.clock());
  }
}

/** Refreshes the copy, unless that happened since the job was added. */
async function refresh(
  deps: JobDeps,
  source: ReturnType<SourceOf>,
  { tenantId, askedAt }: ContactJob & { kind: 'refresh' },
  signal: AbortSignal,
): Promise<void> {
  const { refreshedAt } = await deps.copy.state(tenantId);
  if (source.isCopy || (refreshedAt !== undefined && refreshedAt >= askedAt)) return;
  const done = await refreshContacts(deps, source, tenantId, signal);
  deps.observe.info('contacts refreshed', { tenantId, status: done.kind, count: done.count });
  deps.observe.count('contacts_refreshed', { reason: done.kind });
  if (done.withoutTemplates !== undefined) {
    deps.observe.warn('templates not refreshed', { tenantId, error: done.withoutTemplates });
  }
}

/** Does one job. Throws `Unavailable` if it must be retried; a job that can never succeed is logged and dropped. */
export async function doContactJob(
  deps: JobDeps,
  job: ContactJob,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId } = job;
  const read = await deps.secrets.get(tenantId);
  if (read.kind !== 'found') {
    deps.observe.warn('no secret for a tenant with contacts', { tenantId, code: read.kind });
    return;
  }
  try {
    const { secret } = read;
    const credentials = withFreshSecret({ tenantId, secret, secrets: deps.secrets });
    await withSource(deps, tenantId, credentials, (source) =>
      job.kind === 'refresh'
        ? refresh(deps, source, job, signal)
        : showOptOut(deps, source, job, signal),
    );
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    deps.observe.error('the contacts were refused', { tenantId, error: error.message });
    deps.observe.count('contacts_refused');
  }
}

/** Requests a refresh for every tenant that has a copy. */
export async function refreshAll(
  deps: Pick<JobDeps, 'copy' | 'clock'> & { readonly jobs: ContactJobs },
): Promise<void> {
  const now = deps.clock();
  for (const tenantId of await deps.copy.tenants()) {
    await deps.copy.claimRefresh(tenantId, now, now);
    await deps.jobs.add({ kind: 'refresh', tenantId, askedAt: now });
  }
}
