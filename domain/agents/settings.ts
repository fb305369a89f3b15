import * as z from 'zod';
import { bareAddress } from '../outbound/address-prefix.ts';
import { insecureIssue, isInsecure } from '../tenant/insecure-url.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';

/** The agents' part of a tenant's secret, or a sentence that names the key that is wrong or missing. */
export type Settings<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly issue: string };

export const urlSetting = (standard: string) => z.url({ protocol: /^https?$/ }).default(standard);
const number = z.string().regex(/^\+\d{6,15}$/, 'is a number in E.164, such as +12025550123');

/** A list in a secret: a JSON list, or words separated by commas. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value),
  z.array(z.string()).transform((items) => items.filter((item) => item !== '')),
);

const frontline = z.object({
  frontline_sms_number: number.optional(),
  frontline_whatsapp_number: z.string().transform(bareAddress).pipe(number).optional(),
  /** Identities of the workers who are assigned customers without an owner, in turn. */
  frontline_pool: list.default([]),
  /** Templates of a tenant whose contacts' source has none. */
  frontline_templates: z
    .array(
      z.object({
        category: z.string().min(1),
        text: z.string().min(1),
        whatsAppApproved: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Whether agents may delete customers, at the source too. */
  frontline_delete_customers: z.stringbool().or(z.boolean()).default(false),
  /** Declares to the app that customers can be searched and listed by page token. */
  frontline_search: z.stringbool().or(z.boolean()).default(false),
});

const insecureKeys = (settings: object, { insecureUrls }: TenantSecret): string[] =>
  Object.entries(settings)
    .filter(([key, value]) => key.endsWith('_url') && isInsecure(String(value)))
    .map(([key]) => key)
    .filter(() => insecureUrls !== 'allow');

/** The settings that a schema takes from a secret. */
export function readSettings<T extends object>(
  schema: z.ZodType<T>,
  secret: TenantSecret,
): Settings<T> {
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

export const frontlineSettings = (secret: TenantSecret) => readSettings(frontline, secret);
