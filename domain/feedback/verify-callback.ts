import type { HttpRequest } from '../http.ts';
import type { Observe } from '../observe.ts';
import type { ProviderId } from '../provider-id.ts';
import type { Refused } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import type { TenantSecret, TenantSecrets } from '../tenant/tenant-secret.ts';
import { Unavailable } from '../unavailable.ts';

/** How a provider proves that a request is from it. `Content` is what a verified request contains. */
export type CallbackProof<Content> = {
  readonly provider: ProviderId;
  /** The answer to a request that proves nothing, whatever it lacks. */
  readonly forged: () => Refused;
  /** Reads as much as can be read without a secret. */
  readonly open: (request: HttpRequest) => Opened<Content>;
};

export type Opened<Content> =
  /** Turned away before any secret is read. `reason` is for the metric. */
  | { readonly kind: 'refused'; readonly reason: string; readonly refusal: Refused }
  /** It cannot be genuine, whichever tenant it names. `code` is for the log. */
  | { readonly kind: 'forged'; readonly code: string }
  | {
      readonly kind: 'opened';
      /** The tenant that it names, which nothing proves yet. */
      readonly tenantId: string | undefined;
      /** Checks it with the tenant's secret; without one, it takes as long and fits never. */
      readonly check: (secret: TenantSecret | undefined) => CallbackCheck;
      readonly content: Content;
    };

/** `mismatch`: these credentials do not vouch for it. `other-account`: they do, and it is not about this tenant. */
export type CallbackCheck = 'authentic' | 'mismatch' | 'other-account';

export type VerifyDeps = {
  readonly secrets: TenantSecrets;
  readonly observe: Observe;
};

export type VerifiedCallback<Content> = {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly content: Content;
};

/**
 * Verifies that a request is from the provider, for a tenant. An unknown tenant and wrong credentials get
 * the same answer, so that nobody learns which tenants exist. Credentials that were rotated a moment ago
 * are found by one refresh of the secret. Throws `Refused`, and `Unavailable` while the secret cannot be
 * read: no caller can be verified then, so the provider has to repeat the request.
 */
export async function verifyCallback<Content>(
  request: HttpRequest,
  proof: CallbackProof<Content>,
  deps: VerifyDeps,
): Promise<VerifiedCallback<Content>> {
  const { observe, secrets } = deps;
  const opened = proof.open(request);
  if (opened.kind === 'refused') {
    observe.count('refused', { provider: proof.provider, reason: opened.reason });
    throw opened.refusal;
  }
  if (opened.kind === 'forged') throw forged(opened.code, request, proof, observe);
  const tenantId = tenantIdSchema.safeParse(opened.tenantId).data;
  if (tenantId === undefined) throw forged('tenant-shape', request, proof, observe);

  const refuse = (code: string) => forged(code, request, proof, observe, tenantId);
  const isAuthentic = (secret: TenantSecret): boolean => {
    const check = opened.check(secret);
    if (check === 'other-account') throw refuse(check);
    return check === 'authentic';
  };
  const verified = (secret: TenantSecret) => ({ tenantId, secret, content: opened.content });

  const first = await secrets.get(tenantId);
  if (first.kind === 'unknown-tenant') {
    opened.check(undefined);
    throw refuse('unknown-tenant');
  }
  if (first.kind === 'found' && isAuthentic(first.secret)) return verified(first.secret);
  const fresh = await secrets.get(tenantId, { refresh: true });
  if (fresh.kind === 'invalid') throw new Unavailable('secrets');
  const isNew = first.kind !== 'found' || fresh.kind !== 'found' || fresh.secret !== first.secret;
  if (isNew && fresh.kind === 'found' && isAuthentic(fresh.secret)) return verified(fresh.secret);
  throw refuse('credentials');
}

function forged<Content>(
  code: string,
  { requestId, sourceIp }: HttpRequest,
  proof: CallbackProof<Content>,
  observe: Observe,
  tenantId?: string,
): Refused {
  const { provider } = proof;
  observe.count('forged', { provider });
  observe.warn('webhook call refused', {
    ...(tenantId ? { tenantId } : {}),
    requestId,
    provider,
    code,
    ...(sourceIp ? { source: sourceIp } : {}),
  });
  return proof.forged();
}
