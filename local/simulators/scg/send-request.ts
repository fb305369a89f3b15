import * as z from 'zod';

const text = z.string();

/** What `POST message_requests` reads. Of the fields that are only taken, the form is not checked. */
const taken = Object.fromEntries(
  [
    ...['failover', 'verify_number', 'expiry_time', 'scheduled_delivery_time', 'subject'],
    ...['scheduled_delivery_time_zone', 'pause_before_transmit', 'pause_expiry_time', 'options'],
    ...['contact_delivery_address_priority', 'application_id', 'campaign_id', 'program_id'],
    ...['conversation_id', 'criteria', 'src_language', 'dst_language', 'translate', 'group_mms'],
    ...['price_threshold', 'sender_id_sort_criteria', 'body_extensions', 'verify_sms'],
  ].map((field) => [field, z.unknown().optional()] as const),
);

const sendRequestSchema = z.strictObject({
  ...taken,
  from: text.min(1),
  to: z.array(text).min(1),
  body: text.default(''),
  media_urls: z.array(z.url({ protocol: /^https?$/ })).default([]),
  attachments: z.array(text).default([]),
  external_id: text.default(''),
  content_type: text.optional(),
  consent_requirement: z.enum(['OPT_IN', 'OPT_OUT', 'NONE']).optional(),
  test_message_flag: z.boolean().default(false),
});
export type SendRequest = z.infer<typeof sendRequestSchema>;

/** The request, or the code of the error with which SCG refuses it. */
export function readSendRequest(body: string): SendRequest | number {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 4001;
  }
  const parsed = sendRequestSchema.safeParse(json);
  if (!parsed.success) {
    if (parsed.error.issues.some(({ code }) => code === 'unrecognized_keys')) return 40020;
    const isMissing = parsed.error.issues.some(
      ({ code, path }) => code === 'invalid_type' && path.length === 1 && isAbsent(json, path[0]),
    );
    return isMissing ? 4002 : 4003;
  }
  const request = parsed.data;
  const { media_urls: media, attachments } = request;
  if (!request.body && media.length === 0 && attachments.length === 0) return 4002;
  if (media.length > 0 && attachments.length > 0) return 40010;
  if (media.length > 10) return 4009;
  if (request.to.length > 1000) return 40015;
  if (!isSender(request.from)) return 40018;
  if (!request.to.every(isRecipient)) return 40024;
  return request;
}

const isAbsent = (json: unknown, key: PropertyKey | undefined): boolean =>
  typeof json !== 'object' || json === null || !(String(key) in json);

const isSender = (from: string): boolean =>
  /^(sender_id|channel): ?\S+$/.test(from) || /^\+?[A-Za-z0-9_-]{3,30}$/.test(from);

const isRecipient = (to: string): boolean =>
  /^(wa:)?\+?\d{7,15}$/.test(to) || /^(fb|we|voice|psh|contact|group):\S+$/.test(to);
