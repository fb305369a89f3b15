import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

/** The address and the credentials of a tenant's SCG account, from its secret. */
export type ScgAccount = {
  /** The complete `…/messaging/message_requests`, without query. */
  readonly requestsUrl: URL;
  readonly authorization: string;
};

const DEFAULT_URL = 'https://api.syniverse.com';
const API = '/scg-external-api/api/v1';
const RESOURCE = '/messaging/message_requests';

/** The SAS agent keeps a base in the secret, the SAS Lambda the complete address: both work. */
function requestsUrl(given: string): URL {
  const url = new URL(given);
  url.search = '';
  url.hash = '';
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith(RESOURCE)) url.pathname = path;
  else if (/\/api\/v\d+$/.test(path)) url.pathname = path + RESOURCE;
  else url.pathname = path + API + RESOURCE;
  return url;
}

/** The account, or the name of the key that the secret lacks. */
export function scgAccount(secret: TenantSecret): ScgAccount | { readonly missing: string } {
  // A line break at the end of a pasted token is no part of it.
  const token = secret.scg_access_token?.trim();
  if (!token) return { missing: 'scg_access_token' };
  return {
    requestsUrl: requestsUrl(secret.scg_api_url ?? DEFAULT_URL),
    authorization: `Bearer ${token}`,
  };
}
