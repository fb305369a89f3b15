import * as z from 'zod';
import { whole } from '../read-setting.ts';
import { text } from './shapes.ts';

/** Where secrets are, and how long they are kept in memory. */
export const secretsShape = {
  /** Prefix of every secret's name; the tenant id follows. */
  sm_secret_id_prefix: text.default('ci360-mobile-connector/tenants/'),
  /** Name of the secret with the connector and operator keys. */
  access_keys_secret_id: text.default('ci360-mobile-connector/access-keys'),
  /** Seconds for which secrets and access keys are kept in memory. */
  secret_cache_ttl: whole(1).default(300),
  /**
   * Whether URLs in tenants' secrets may start with http://: `refuse` takes them for addresses of this
   * machine alone, since others would send credentials unencrypted; `allow` takes every one.
   */
  insecure_urls: z.enum(['refuse', 'allow']).default('refuse'),
  /** Seconds for which the audit keeps what operators did. */
  audit_ttl: whole(86_400).default(63_072_000),
} as const;
