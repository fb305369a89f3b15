import type { TemplateCatalogue } from '../content/templates/catalogue.ts';
import type { Catalogue } from '../content/templates/template.ts';
import { conflict, Refused } from '../refused.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import { withFreshSecret, withoutSecret } from '../tenant/use-secret.ts';
import type { TemplatesAnswer } from './answers/templates.ts';

export type TemplatesDeps = {
  readonly catalogue: TemplateCatalogue;
  readonly secrets: TenantSecrets;
  /** Ends before the answer has to be given. */
  readonly signal: () => AbortSignal;
};

const unavailable = (message: string) =>
  new Refused(503, 'SERVICE_UNAVAILABLE', message, { headers: { 'retry-after': '5' } });

export const viewOfTemplates = (tenantId: string, catalogue: Catalogue): TemplatesAnswer => ({
  tenantId,
  syncedAt: catalogue.syncedAt === 0 ? null : new Date(catalogue.syncedAt).toISOString(),
  templates: catalogue.templates
    .map(({ category = null, reason = null, text = null, ...of }) => ({
      ...of,
      category,
      reason,
      text,
    }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.language.localeCompare(b.language)),
});

/** Reads a tenant's templates from its provider, for those who do not want to wait. */
export async function syncTemplates(tenantId: string, deps: TemplatesDeps): Promise<Catalogue> {
  const answer = await deps.secrets.get(tenantId);
  if (answer.kind !== 'found') {
    const { message, advice = '' } = withoutSecret(answer);
    throw conflict(`${message} ${advice}`);
  }
  const { secrets } = deps;
  const call = withFreshSecret({ tenantId, secret: answer.secret, secrets });
  const signal = deps.signal();
  const synced = await call(
    (secret) => deps.catalogue.sync(tenantId, { secret, signal }),
    (result) => result.kind === 'unavailable' && result.authentication === true,
  );
  switch (synced.kind) {
    case 'synced':
      return synced.catalogue;
    case 'busy':
      throw conflict('The templates are being read at this moment. Try again in some seconds.');
    case 'unavailable':
      throw unavailable(`${synced.failure.message} ${synced.failure.advice ?? ''}`.trim());
  }
}
