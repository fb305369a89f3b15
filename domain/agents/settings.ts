import * as z from 'zod';
import { bareAddress } from '../outbound/address-prefix.ts';
import { insecureIssue, isInsecure } from '../tenant/insecure-url.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';

/** The agents' part of a tenant's secret, or the sentence that names the key which is wrong or missing. */
export type Settings<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly issue: string };

const url = (standard: string) => z.url({ protocol: /^https?$/ }).default(standard);
const sid = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-zA-Z]{32}$`), `is a Twilio id that starts ${prefix}`);
const number = z.string().regex(/^\+\d{6,15}$/, 'is a number in E.164, such as +12025550123');

/** A list as people write it in a secret: a JSON list, or words between commas. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value),
  z.array(z.string()).transform((items) => items.filter((item) => item !== '')),
);

const airtable = z.object({
  airtable_api_url: url('https://api.airtable.com'),
  /** A personal access token with data.records:read and :write for the base. */
  airtable_token: z.string().min(1),
  airtable_base_id: z.string().regex(/^app[0-9a-zA-Z]+$/, 'is a base id that starts app'),
  airtable_customers_table: z.string().min(1).default('Customers'),
  airtable_templates_table: z.string().min(1).default('Templates'),
  /** Only the records of this view are copied; without it, all of the table. */
  airtable_view: z.string().min(1).optional(),
});
export type AirtableSettings = z.infer<typeof airtable>;

const interactions = z.object({
  flex_api_url: url('https://flex-api.twilio.com'),
  twilio_conversations_api_url: url('https://conversations.twilio.com'),
  flex_workspace_sid: sid('WS'),
  flex_workflow_sid: sid('WW'),
  flex_queue_sid: sid('WQ').optional(),
  /** TaskRouter's task channel; without it the channel's own name (`sms`, `whatsapp`). */
  flex_task_channel: z.string().min(1).optional(),
});
export type InteractionsSettings = z.infer<typeof interactions>;

const legacy = z.object({
  flex_api_url: url('https://flex-api.twilio.com'),
  flex_proxy_api_url: url('https://proxy.twilio.com'),
  flex_chat_api_url: url('https://chat.twilio.com'),
  flex_proxy_service_sid: sid('KS'),
});
export type LegacySettings = z.infer<typeof legacy>;

const frontline = z.object({
  twilio_conversations_api_url: url('https://conversations.twilio.com'),
  frontline_sms_number: number.optional(),
  frontline_whatsapp_number: z.string().transform(bareAddress).pipe(number).optional(),
  /** Identities of the workers who share what belongs to nobody, in turn. */
  frontline_pool: list.default([]),
  /** Templates of a tenant that has none in Airtable. */
  frontline_templates: z
    .array(
      z.object({
        category: z.string().min(1),
        text: z.string().min(1),
        whatsAppApproved: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Whether agents may delete customers; what is deleted is gone from Airtable too. */
  frontline_delete_customers: z.stringbool().or(z.boolean()).default(false),
  /** Tells the Frontline app that customers can be searched and listed by page token. */
  frontline_search: z.stringbool().or(z.boolean()).default(false),
});
export type FrontlineSettings = z.infer<typeof frontline>;

const engine = z.object({
  flex_engine: z.enum(['interactions', 'legacy']).default('interactions'),
});

const insecureKeys = (settings: object, { insecureUrls }: TenantSecret): string[] =>
  Object.entries(settings)
    .filter(([key, value]) => key.endsWith('_url') && isInsecure(String(value)))
    .map(([key]) => key)
    .filter(() => insecureUrls !== 'allow');

function read<T extends object>(schema: z.ZodType<T>, secret: TenantSecret): Settings<T> {
  const parsed = schema.safeParse(secret);
  const issues = parsed.success
    ? insecureKeys(parsed.data, secret).map((key) => `${key} ${insecureIssue}`)
    : parsed.error.issues.map((issue) => {
        const key = issue.path.join('.');
        const missing = issue.code === 'invalid_type' && issue.input === undefined;
        return missing ? `${key} is missing` : `${key} ${issue.message}`;
      });
  if (parsed.success && issues.length === 0) return { ok: true, settings: parsed.data };
  return { ok: false, issue: `The tenant's secret cannot be used: ${issues.join('; ')}.` };
}

/** Undefined for a tenant that keeps no contacts in Airtable. */
export function airtableSettings(secret: TenantSecret): Settings<AirtableSettings> | undefined {
  if (secret.airtable_token === undefined && secret.airtable_base_id === undefined)
    return undefined;
  return read(airtable, secret);
}
export const interactionsSettings = (secret: TenantSecret) => read(interactions, secret);
export const legacySettings = (secret: TenantSecret) => read(legacy, secret);
export const frontlineSettings = (secret: TenantSecret) => read(frontline, secret);
export const flexEngine = (secret: TenantSecret) => read(engine, secret);
