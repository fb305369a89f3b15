import type { TenantSecret, TenantSecrets } from '../tenant/tenant-secret.ts';

/**
 * What a call to an agent API (Flex, Conversations, Proxy, Chat) came to. The difference that matters
 * is whether it can have been done: only `unknown` may have been.
 */
export type Answered<T> = { readonly kind: 'done'; readonly value: T } | NotDone;

export type NotDone =
  /** Refused for good; `status` and `code` are the other side's, `reference` an id of theirs in its words. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly reference?: string;
    }
  /** Not now: its pace, or it was never reached. Nothing was done. */
  | { readonly kind: 'busy'; readonly code: string; readonly retryAfterSeconds: number }
  /** Written, and no clear answer came. */
  | { readonly kind: 'unknown'; readonly code: string };

export const done = <T>(value: T): Answered<T> => ({ kind: 'done', value });

/** Makes a call, and once more with the secret fetched anew when our credentials were refused. */
export async function withSecret<T>(
  secrets: TenantSecrets,
  tenantId: string,
  secret: TenantSecret,
  call: (secret: TenantSecret) => Promise<Answered<T>>,
): Promise<Answered<T>> {
  const first = await call(secret);
  if (first.kind !== 'refused' || first.status !== 401) return first;
  const again = await secrets.get(tenantId, { refresh: true });
  return again.kind === 'found' ? call(again.secret) : first;
}
