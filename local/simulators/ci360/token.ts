import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { TenantSecrets } from '../credentials.ts';

const digests: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384' };

const headerSchema = z.object({ alg: z.string() });
const claimsSchema = z.object({ clientID: z.string() });

/**
 * The tenant (of our secrets) that a token speaks for: a ready token as it is, or a JWT by `clientID`,
 * signed with the base64 text of the client secret.
 */
export function tenantOfToken(secrets: TenantSecrets, token: string): string | undefined {
  for (const [tenantId, secret] of Object.entries(secrets)) {
    if (secret.ci360_token === token) return tenantId;
    const { ci360_tenant_id: clientId, ci360_client_secret: clientSecret } = secret;
    if (clientId && clientSecret && isSignedBy(token, clientId, clientSecret)) return tenantId;
  }
  return undefined;
}

function isSignedBy(token: string, clientId: string, clientSecret: string): boolean {
  const [header = '', claims = '', signature = '', ...rest] = token.split('.');
  const digest = digests[headerSchema.safeParse(decode(header)).data?.alg ?? ''];
  if (!digest || rest.length > 0) return false;
  if (claimsSchema.safeParse(decode(claims)).data?.clientID !== clientId) return false;
  const key = Buffer.from(clientSecret, 'utf8').toString('base64');
  const expected = createHmac(digest, key).update(`${header}.${claims}`).digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
