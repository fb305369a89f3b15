import * as z from 'zod';
import { readSettings, urlSetting } from '../../../domain/agents/settings.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';

const sid = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-zA-Z]{32}$`), `is a Twilio id that starts ${prefix}`);

const conversations = z.object({
  twilio_conversations_api_url: urlSetting('https://conversations.twilio.com'),
});
export type ConversationsSettings = z.infer<typeof conversations>;

const interactions = conversations.extend({
  flex_api_url: urlSetting('https://flex-api.twilio.com'),
  flex_workspace_sid: sid('WS'),
  flex_workflow_sid: sid('WW'),
  flex_queue_sid: sid('WQ').optional(),
  /** TaskRouter's task channel; the default is the channel's own name (`sms`, `whatsapp`). */
  flex_task_channel: z.string().min(1).optional(),
});
export type InteractionsSettings = z.infer<typeof interactions>;

const legacy = z.object({
  flex_api_url: urlSetting('https://flex-api.twilio.com'),
  flex_proxy_api_url: urlSetting('https://proxy.twilio.com'),
  flex_chat_api_url: urlSetting('https://chat.twilio.com'),
  flex_proxy_service_sid: sid('KS'),
});
export type LegacySettings = z.infer<typeof legacy>;

const engine = z.object({
  flex_engine: z.enum(['interactions', 'legacy']).default('interactions'),
});

export const conversationsSettings = (secret: TenantSecret) => readSettings(conversations, secret);
export const interactionsSettings = (secret: TenantSecret) => readSettings(interactions, secret);
export const legacySettings = (secret: TenantSecret) => readSettings(legacy, secret);
export const flexEngine = (secret: TenantSecret) => readSettings(engine, secret);
