import { createHmac } from 'node:crypto';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

const base64url = (value: string): string => Buffer.from(value, 'utf8').toString('base64url');

/**
 * The token for the event gateway: the secret's own, else one signed from client id and secret.
 * SAS signs `{"clientID"}` with HS256; the key is the text of the client secret in base64, not the
 * secret itself, and the token needs no expiry.
 * https://github.com/sassoftware/ci360-extensions (code/ci360-connector-templates, send_event.py)
 */
export function ci360Token(secret: TenantSecret): string | undefined {
  if (secret.ci360_token) return secret.ci360_token;
  const { ci360_tenant_id: clientID, ci360_client_secret: clientSecret } = secret;
  if (!clientID || !clientSecret) return undefined;
  const signed = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify({ clientID }))}`;
  const key = Buffer.from(clientSecret, 'utf8').toString('base64');
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
