import * as z from 'zod';
import { tenantIdSchema } from '../domain/tenant/tenant-id.ts';
import { type Content, json, type Operation } from './operation.ts';

export const tenantPath = z.object({ tenantId: tenantIdSchema });

/** A form that Twilio signs; it has more fields than are named. */
export const twilioForm = (fields: Readonly<Record<string, z.ZodType>>): readonly Content[] => [
  { type: 'application/x-www-form-urlencoded', schema: z.looseObject(fields) },
];

/** What the StatusCallback URL of a message carries, so that no look-up is needed. */
const reference = z.object({
  guid: z.string().optional(),
  id: z.string().optional(),
  code: z.string().optional(),
  rtc: z.string().optional(),
});

const status: Operation = {
  method: 'POST',
  path: '/webhooks/twilio/{tenantId}/status',
  id: 'postTwilioStatus',
  tag: 'Webhooks',
  summary: 'Takes a status callback of Twilio',
  access: 'twilio',
  request: {
    params: tenantPath,
    query: reference,
    body: twilioForm({
      MessageSid: z.string(),
      MessageStatus: z.string(),
      ErrorCode: z.string().optional(),
    }),
  },
  answers: { 204: { description: 'Acknowledged' } },
  errors: [403, 413],
};

const inbound: Operation = {
  method: 'POST',
  path: '/webhooks/twilio/{tenantId}/inbound',
  id: 'postTwilioInbound',
  tag: 'Webhooks',
  summary: 'Takes what a person wrote back through Twilio',
  description: 'A STOP or START is recorded before the answer.',
  access: 'twilio',
  request: {
    params: tenantPath,
    body: twilioForm({
      MessageSid: z.string(),
      From: z.string(),
      To: z.string(),
      Body: z.string().optional(),
    }),
  },
  answers: {
    200: {
      description: 'TwiML: empty, or the answer to a STOP or HELP',
      content: [{ type: 'text/xml', schema: z.string() }],
    },
  },
  errors: [403, 413],
};

const scgEvent = z
  .looseObject({
    event: z.looseObject({ 'evt-tp': z.string(), 'fld-val-list': z.looseObject({}) }).optional(),
    message_body: z.string().optional(),
  })
  .describe('An event of the topic SCG-Message, or the bare field list of an inbound message');

const scg = (path: string, id: string, params?: z.ZodType): Operation => ({
  method: 'POST',
  path,
  id,
  tag: 'Webhooks',
  summary: 'Takes a status update or a reply of Syniverse',
  access: 'scg',
  request: { params, body: json(scgEvent) },
  answers: {
    200: {
      description: 'Acknowledged',
      content: json(z.object({ status: z.enum(['accepted', 'ignored']) })),
    },
  },
  errors: [400, 401],
});

export const webhookOperations: readonly Operation[] = [
  status,
  inbound,
  scg('/webhooks/scg', 'postScgEvent'),
  scg('/webhooks/scg/{tenantId}', 'postScgEventOfTenant', tenantPath),
];
