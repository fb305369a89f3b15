import * as z from 'zod';
import type { TenantSecrets } from '../credentials.ts';
import { contentOf, contentSchema, sampleContents } from './contents.ts';

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'is not a number in E.164');
const contentSid = z.string().regex(/^HX[0-9a-fA-F]{32}$/, 'is not a content SID');

/** What `PUT /_settings/twilio` takes: what the simulated accounts have, for all tenants alike. */
export const twilioSettingsSchema = z.strictObject({
  /** Numbers registered for WhatsApp, besides each tenant's `frontline_whatsapp_number`. */
  whatsappSenders: z.array(number).default([]),
  /** Whether free text reaches a WhatsApp user only within 24 hours of what they wrote last. */
  whatsappWindow: z.enum(['check', 'open']).default('check'),
  /** Content templates: a SID alone is an approved text. */
  templates: z
    .array(z.union([contentSid.transform(contentOf), contentSchema]))
    .default([...sampleContents]),
  /** Segments a second that a sender or Messaging Service takes; more is refused with 21611. Others take any. */
  segmentsPerSecond: z.record(z.string(), z.number().positive()).default({}),
  /** Which status callbacks to loopback and private hosts are taken: those of this stack, or any. */
  privateCallbacks: z.enum(['stack', 'any']).default('stack'),
});
export type TwilioSettings = z.infer<typeof twilioSettingsSchema>;

/** The numbers from which a tenant may write on WhatsApp. */
export const whatsappSendersOf = (
  settings: TwilioSettings,
  secrets: TenantSecrets,
  tenantId: string,
): readonly string[] => {
  const own = secrets[tenantId]?.frontline_whatsapp_number;
  return typeof own === 'string' && own !== ''
    ? [...settings.whatsappSenders, own.replace(/^whatsapp:/, '')]
    : settings.whatsappSenders;
};
