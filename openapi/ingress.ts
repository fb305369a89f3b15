import * as z from 'zod';
import { OUTBOUND_EVENT_TYPE } from '../domain/outbound/event.ts';
import { guidSchema } from '../domain/outbound/message-request.ts';
import { providerIds } from '../domain/provider-id.ts';
import { tenantIdSchema } from '../domain/tenant/tenant-id.ts';
import { json, type Operation } from './operation.ts';

const text = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

/** CI360's event. Fields come and go between its releases: nothing else is looked at. */
const outboundEvent = z
  .looseObject({
    eventType: z.literal(OUTBOUND_EVENT_TYPE),
    guid: guidSchema.describe('Identifies the event within its tenant: it is sent once.'),
    externalTenantId: tenantIdSchema,
    identityId: z
      .string()
      .regex(/^[^|]{1,256}$/)
      .describe('Returns in external events as `datahub_id`'),
    eventName: text,
    date: z.looseObject({
      generatedTimestamp: z
        .union([z.string(), z.number()])
        .describe('Milliseconds since 1970. `event_ttl` counts from here.'),
    }),
    impression: z.looseObject({
      creativeContent: z
        .string()
        .regex(/\S/)
        .describe('Fields such as `TO:…;` and `FROM:…;`, then the text of the message'),
      isControlGroup: text,
      taskId: text,
    }),
    contactResponse: z.looseObject({ responseTrackingCode: text }).optional(),
    properties: z.looseObject({ externalCode: text }).optional(),
  })
  .meta({ id: 'OutboundEvent' });

const otherEvent = z
  .looseObject({ eventType: z.string().optional() })
  .describe('An event of another type is acknowledged and ignored.');

const post = (provider: (typeof providerIds)[number]): Operation => ({
  method: 'POST',
  path: `/${provider}/messages`,
  id: `post${provider.charAt(0).toUpperCase()}${provider.slice(1)}Message`,
  tag: 'Messages',
  summary: `Accepts an outbound event of CI360, to be sent through ${provider}`,
  description:
    'The body is read as JSON whatever its Content-Type. The same event may be posted again: it is sent once.',
  access: 'connector',
  request: {
    headers: z.object({
      'x-ci360-con-inv-trace-id': z.string().optional().describe('Kept in the log'),
    }),
    body: [
      ...json(z.union([outboundEvent, otherEvent])),
      {
        type: 'text/plain',
        schema: z.string().describe('The same JSON: CI360 sends it like this'),
      },
    ],
  },
  answers: {
    202: {
      description: 'On the queue; nothing accepted is lost',
      content: json(
        z.object({
          status: z.literal('accepted'),
          guid: z.string(),
          encoding: z.enum(['GSM-7', 'UCS-2']).optional().describe('Of an SMS'),
          segments: z.number().int().positive().optional().describe('In which an SMS is billed'),
        }),
      ),
    },
    200: {
      description: 'Acknowledged, and will not be sent',
      content: json(
        z.object({
          status: z.enum(['ignored', 'discarded']),
          reason: z.enum(['event-type', 'control-group', 'stale']),
        }),
      ),
    },
  },
  errors: [400, 401, 403, 413, 422],
});

export const ingressOperations: readonly Operation[] = providerIds.map(post);
