import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { callbackModes } from '../fault.ts';

const stepSchema = z.object({
  /** A MessageStatus of Twilio's. */
  status: z.string(),
  errorCode: z.number().optional(),
});
export type Step = z.infer<typeof stepSchema>;

/** One message as Twilio keeps it. */
export const twilioMessageSchema = z.object({
  sid: z.string(),
  tenantId: z.string(),
  accountSid: z.string(),
  messagingServiceSid: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string(),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  direction: z.enum(['outbound-api', 'outbound-reply', 'inbound']),
  status: z.string(),
  errorCode: z.number().nullable(),
  /** ms since 1970 */
  createdAt: z.number(),
  sentAt: z.number().nullable(),
  updatedAt: z.number(),
  /** As given, fragment included. */
  statusCallback: z.string().optional(),
  /** The states after the one answered, in their true order. */
  plan: z.array(stepSchema),
  /** How many of them were reached. */
  reached: z.number(),
  callbacks: z.enum(callbackModes),
});
export type TwilioMessage = z.infer<typeof twilioMessageSchema>;

export const newSid = (prefix: string): string => prefix + randomUUID().replaceAll('-', '');

/** The message resource of the API. https://www.twilio.com/docs/messaging/api/message-resource */
export function toResource(message: TwilioMessage): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  const isUnsent = message.status === 'accepted' || message.status === 'scheduled';
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.mediaUrls.length),
    num_segments: isUnsent ? '0' : String(segmentsOf(message.body)),
    price: null,
    price_unit: null,
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** `Thu, 24 Aug 2023 05:01:45 +0000` */
const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000');

const gsm7 =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[\]~|€]*$/;
const gsm7Extended = /[\^{}\\[\]~|€]/g;

/** SMS segments: 160 characters of GSM-7 or 70 UTF-16 units, 153 or 67 each when there are several. */
export function segmentsOf(body: string): number {
  const isGsm7 = gsm7.test(body);
  const length = isGsm7 ? body.length + (body.match(gsm7Extended)?.length ?? 0) : body.length;
  const [single, several] = isGsm7 ? [160, 153] : [70, 67];
  return length <= single ? 1 : Math.ceil(length / several);
}
