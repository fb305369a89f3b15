import * as z from 'zod';
import { readSettings, type Settings, urlSetting } from '../../domain/agents/settings.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

const airtable = z.object({
  airtable_api_url: urlSetting('https://api.airtable.com'),
  /** A personal access token with data.records:read and :write for the base. */
  airtable_token: z.string().min(1),
  airtable_base_id: z.string().regex(/^app[0-9a-zA-Z]+$/, 'is a base id that starts app'),
  airtable_customers_table: z.string().min(1).default('Customers'),
  airtable_templates_table: z.string().min(1).default('Templates'),
  /** Copies only the records of this view; the default is the whole table. */
  airtable_view: z.string().min(1).optional(),
});
export type AirtableSettings = z.infer<typeof airtable>;

/** Undefined for a tenant that keeps no contacts in Airtable. */
export function airtableSettings(secret: TenantSecret): Settings<AirtableSettings> | undefined {
  if (secret.airtable_token === undefined && secret.airtable_base_id === undefined)
    return undefined;
  return readSettings(airtable, secret);
}
