import type { SameSecret } from '../../../domain/access/access-keys.ts';
import { fromBase64 } from '../../../domain/base64.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';

/** Compared with where there is no password, so that this takes as long. */
const NO_PASSWORD = 'no-password';

/**
 * Whether a request to the SCG webhook may speak for the tenant: Basic with the secret's user and
 * password, or Bearer with its token. Nothing is accepted for a tenant whose secret has neither, or
 * that has no secret.
 */
export function mayEnterWebhook(
  headers: Readonly<Record<string, string>>,
  secret: TenantSecret | undefined,
  same: SameSecret,
): boolean {
  const [, scheme = '', credentials = ''] =
    /^\s*(\S+)\s+(\S+)\s*$/.exec(headers.authorization ?? '') ?? [];
  const user = secret?.scg_webhook_username;
  const password = secret?.scg_webhook_password;
  const token = secret?.scg_webhook_token;
  switch (scheme.toLowerCase()) {
    case 'bearer': {
      const fits = same(credentials, token || NO_PASSWORD);
      return fits && !!token;
    }
    case 'basic': {
      const fits = same(fromBase64(credentials) ?? '', `${user}:${password || NO_PASSWORD}`);
      return fits && user !== undefined && !!password;
    }
    default:
      return false;
  }
}

/** Whether what opens one tenant's webhook opens the other's: two tenants behind one SCG account. */
export const sameWebhookAccess = (one: TenantSecret, other: TenantSecret): boolean =>
  (one.scg_webhook_username !== undefined &&
    one.scg_webhook_username === other.scg_webhook_username &&
    one.scg_webhook_password === other.scg_webhook_password) ||
  (!!one.scg_webhook_token && one.scg_webhook_token === other.scg_webhook_token);
