import * as z from 'zod';
import { insecureIssue, isInsecure } from './insecure-url.ts';

/** White space around a value comes from pasting it; a blank value counts as not set. */
const trimmed = (value: string | null) => value?.trim() || undefined;
const text = z.string().nullable().transform(trimmed).optional();
const url = z
  .string()
  .nullable()
  .transform(trimmed)
  .pipe(z.url({ protocol: /^https?$/ }).optional())
  .optional();

/** Read and checked where it is needed, by domain/agents/settings.ts for agents and in domain/opt-outs/ for keywords, so that a wrong one never stops a campaign. */
const forAgents = z
  .unknown()
  .transform((value) => (typeof value === 'string' ? trimmed(value) : (value ?? undefined)))
  .optional();

/**
 * One secret per tenant, `{sm_secret_id_prefix}{externalTenantId}`, a JSON object. Keys a tenant does
 * not use may be absent or blank; every URL is honoured, so a secret can point at a simulator.
 * Unknown keys are kept out of the way, never refused: secrets are shared with other tools.
 */
export const tenantSecretSchema = z.object({
  /** Base or complete Messages URL; default https://api.twilio.com */
  twilio_api_url: url,
  /** Base of the Content API, which lists templates; default https://content.twilio.com */
  twilio_content_api_url: url,
  twilio_account_sid: text,
  /** The primary auth token: sends, and verifies signatures. */
  twilio_auth_token: text,
  /** During a rotation: signatures made with it are accepted too. */
  twilio_auth_token_secondary: text,
  /** Used for sending in place of the auth token when both are set. */
  twilio_api_key_sid: text,
  twilio_api_key_secret: text,
  /** Base or complete message_requests URL. */
  scg_api_url: url,
  scg_access_token: text,
  scg_webhook_username: text,
  scg_webhook_password: text,
  /** Accepted as `Authorization: Bearer` on the SCG webhook in place of Basic. */
  scg_webhook_token: text,
  /** The tenant's event gateway: https://extapigwservice-…/marketingGateway/events, or a beginning of it. */
  ci360_api_url: url,
  /** A ready JWT; or else the two below, from which one is signed. */
  ci360_token: text,
  ci360_tenant_id: text,
  ci360_client_secret: text,
  /** Keywords of the tenant's own, before the table of the service: read by domain/opt-outs/own-words.ts. */
  stop_words: forAgents,
  start_words: forAgents,
  help_words: forAgents,
  /** What is answered to STOP and HELP where no provider answers: read by domain/opt-outs/answer-texts.ts. */
  stop_text: forAgents,
  help_text: forAgents,
  twilio_conversations_api_url: forAgents,
  airtable_api_url: forAgents,
  airtable_token: forAgents,
  airtable_base_id: forAgents,
  airtable_customers_table: forAgents,
  airtable_templates_table: forAgents,
  airtable_view: forAgents,
  flex_engine: forAgents,
  flex_api_url: forAgents,
  flex_proxy_api_url: forAgents,
  flex_chat_api_url: forAgents,
  flex_workspace_sid: forAgents,
  flex_workflow_sid: forAgents,
  flex_queue_sid: forAgents,
  flex_task_channel: forAgents,
  flex_proxy_service_sid: forAgents,
  frontline_sms_number: forAgents,
  frontline_whatsapp_number: forAgents,
  frontline_pool: forAgents,
  frontline_templates: forAgents,
  frontline_search: forAgents,
  frontline_delete_customers: forAgents,
});
export type TenantSecret = z.infer<typeof tenantSecretSchema> & {
  /** Set by the service, never by the secret: its URLs may start with http:// wherever they lead. */
  readonly insecureUrls?: 'allow';
};

const urlKeys = [
  'twilio_api_url',
  'twilio_content_api_url',
  'scg_api_url',
  'ci360_api_url',
] as const;

/**
 * A tenant's secret as the service uses it. With `refuse`, one of whose URLs starts with http:// and
 * leads to another machine cannot be used: credentials and messages would cross the network unencrypted.
 * Agents' URLs are checked when an agent needs them.
 */
export const usableSecretSchema = (insecureUrls: 'refuse' | 'allow'): z.ZodType<TenantSecret> =>
  insecureUrls === 'allow'
    ? tenantSecretSchema.transform((secret) => ({ ...secret, insecureUrls }))
    : tenantSecretSchema.superRefine((secret, context) => {
        for (const key of urlKeys) {
          if (!isInsecure(secret[key] ?? '')) continue;
          context.addIssue({
            code: 'custom',
            path: [key],
            message: insecureIssue,
            params: { plain: true },
          });
        }
      });

/** The answer to "what are this tenant's credentials?". Throws only when the store cannot be asked now. */
export type SecretAnswer =
  | { readonly kind: 'found'; readonly secret: TenantSecret }
  | { readonly kind: 'unknown-tenant' }
  /** The secret is there and cannot be used; `issue` names the key, never a value. */
  | { readonly kind: 'invalid'; readonly issue: string };

export type TenantSecrets = {
  /** From the cache (minutes). `refresh` asks the store again: once, after a provider refused the credentials. */
  readonly get: (tenantId: string, options?: { refresh?: boolean }) => Promise<SecretAnswer>;
};
