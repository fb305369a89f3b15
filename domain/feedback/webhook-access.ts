import type { SameSecret } from '../access/access-keys.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';

/**
 * Whether a request to the SCG webhook may speak for the tenant: Basic with the secret's user and
 * password, or Bearer with its token. A tenant whose secret names neither lets nobody in.
 */
export function mayEnterWebhook(
  headers: Readonly<Record<string, string>>,
  secret: TenantSecret,
  same: SameSecret,
): boolean {
  const [, scheme = '', credentials = ''] =
    /^\s*(\S+)\s+(\S+)\s*$/.exec(headers.authorization ?? '') ?? [];
  const {
    scg_webhook_username: user,
    scg_webhook_password: password,
    scg_webhook_token: token,
  } = secret;
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return token !== undefined && token !== '' && same(credentials, token);
    case 'basic': {
      if (user === undefined || !password) return false;
      return same(Buffer.from(credentials, 'base64').toString('utf8'), `${user}:${password}`);
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
