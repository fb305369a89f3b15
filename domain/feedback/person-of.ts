import type { Identities } from '../delivery/ports.ts';
import type { ProviderRules } from '../outbound/provider-rules.ts';
import type { ProviderId } from '../provider-id.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import type { ReplyIdentity } from './external-event.ts';
import type { Reply } from './external-event-request.ts';

export type PersonDeps = {
  readonly identities: Pick<Identities, 'find'>;
  readonly secrets: TenantSecrets;
  readonly providers: Readonly<Record<ProviderId, Pick<ProviderRules, 'sharesWebhook'>>>;
  /** `identity_field`: set, it takes the sender's address and no identity is looked up. */
  readonly identityField: string;
};

export type Person = { readonly tenantId: string; readonly identity: ReplyIdentity };

/**
 * Whom a reply is from. Where the route named no tenant, a person of another tenant counts only if that
 * tenant lets the same webhook in: a webhook can never write to a tenant that it may not enter.
 */
export async function personOf(
  reply: Reply,
  { identities, secrets, providers, identityField }: PersonDeps,
): Promise<Person | undefined> {
  if (identityField) {
    return { tenantId: reply.tenantId, identity: { field: identityField, value: reply.from } };
  }
  const own = await identities.find(reply.from, reply.tenantId);
  if (own) return person(own);
  if (reply.tenantFrom === 'route') return undefined;
  const other = await identities.find(reply.from);
  if (!other) return undefined;
  const [mine, theirs] = await Promise.all([
    secrets.get(reply.tenantId),
    secrets.get(other.tenantId),
  ]);
  const shared =
    mine.kind === 'found' &&
    theirs.kind === 'found' &&
    providers[reply.provider].sharesWebhook(mine.secret, theirs.secret);
  return shared ? person(other) : undefined;
}

const person = (found: { tenantId: string; datahubId: string }): Person => ({
  tenantId: found.tenantId,
  identity: { field: 'datahub_id', value: found.datahubId },
});
