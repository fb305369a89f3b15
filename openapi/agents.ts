import * as z from 'zod';
import {
  type Content,
  type Described,
  errorSchema,
  gatewaySchema,
  json,
  type Operation,
} from './operation.ts';
import { tenantPath, twilioForm } from './webhooks.ts';

const leftOpen = z.array(z.object({ kind: z.string(), sid: z.string() }));

/** Flex keeps the shapes that its screens know. */
const flexError = z
  .looseObject({
    status: z.number().int(),
    message: z.string().optional(),
    errors: z.array(z.string()).optional(),
    code: z.string().optional(),
    leftOpen: leftOpen.optional(),
  })
  .meta({ id: 'FlexError' });

const inFlexShape = (description: string): Described => ({ description, content: json(flexError) });
const inEither = (description: string, other: z.ZodType): Described => ({
  description,
  content: json(z.union([flexError, other])),
});

/** Errors of Flex are in its own shape; those of key and tenant in the shape of all operations. */
const flexErrors: Readonly<Record<number, Described>> = {
  400: inFlexShape('Fields are missing or wrong'),
  409: inFlexShape('A conversation is open already, or the same call is in progress'),
  422: inFlexShape('Twilio or the tenant’s settings do not allow it'),
  429: inEither('Twilio is busy, see Retry-After; or too many requests at once', gatewaySchema),
  451: inFlexShape('The customer has opted out'),
  500: inEither('The tenant’s secret is wrong, or an error of the service', errorSchema),
  502: inFlexShape('Twilio refused it, or whether it was done is not known'),
  503: inEither('Twilio or a part of the service is not available; see Retry-After', errorSchema),
};

const fields = {
  fromNumber: z.string(),
  toName: z.string(),
  toNumber: z.string(),
  sourceChatChannelSid: z.string().optional(),
  targetWorkerSid: z.string().optional(),
};
const bodyOf = (schema: z.ZodType): readonly Content[] => [
  ...json(schema),
  { type: 'application/x-www-form-urlencoded', schema },
];
const opened = z.looseObject({
  reused: z.boolean().describe('True if it was there before this call'),
});

const openTask: Operation = {
  method: 'POST',
  path: '/flex/{tenantId}/outbound-sms-tasks',
  id: 'postOutboundSmsTask',
  tag: 'Flex',
  summary: 'Opens a task in which an agent writes to a customer',
  access: 'agents',
  request: {
    params: tenantPath,
    body: bodyOf(z.looseObject({ ...fields, initialNotificationMessage: z.string().optional() })),
  },
  answers: {
    200: { description: 'The task, new or open before', content: json(opened) },
    ...flexErrors,
  },
  errors: [401, 403, 404],
};

const sendMessage: Operation = {
  method: 'POST',
  path: '/flex/{tenantId}/outbound-messages',
  id: 'postOutboundMessage',
  tag: 'Flex',
  summary: 'Sends a message whose replies an automated flow handles',
  access: 'agents',
  request: {
    params: tenantPath,
    headers: z.object({
      'idempotency-key': z.string().optional().describe('A repeated call does not send again'),
    }),
    body: bodyOf(z.looseObject({ ...fields, messageBody: z.string() })),
  },
  answers: {
    200: {
      description: 'Sent, now or by an earlier call',
      content: json(opened.extend({ chatMessage: z.unknown() })),
    },
    ...flexErrors,
  },
  errors: [401, 403, 404],
};

const closeSessions: Operation = {
  method: 'DELETE',
  path: '/flex/{tenantId}/proxy-sessions',
  id: 'deleteProxySessions',
  tag: 'Flex',
  summary: 'Ends every Proxy session and its chat',
  access: 'agents',
  request: { params: tenantPath },
  answers: {
    200: {
      description: 'Those that could be ended; with `more` call again',
      content: json(
        z.object({ message: z.string(), closed: z.number(), leftOpen, more: z.boolean() }),
      ),
    },
    ...flexErrors,
  },
  errors: [401, 403, 404],
};

const preflight = ({ path, id }: Operation): Operation => ({
  method: 'OPTIONS',
  path,
  id: `options${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  tag: 'Flex',
  summary: "A browser's question before the call",
  access: 'anyone',
  request: { params: tenantPath },
  answers: {
    204: {
      description: 'The origin is one of flex_allowed_origins',
      headers: { 'Access-Control-Allow-Origin': 'The origin' },
    },
    403: { description: 'It is not' },
  },
  errors: [],
});

const calls = [openTask, sendMessage, closeSessions];
export const flexOperations: readonly Operation[] = [...calls, ...calls.map(preflight)];

const callbacks = ['crm', 'outgoing-conversation', 'routing', 'templates', 'twilio-conversations'];

export const frontlineOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: '/frontline/{tenantId}/callbacks/{callback}',
    id: 'postFrontlineCallback',
    tag: 'Frontline',
    summary: 'Answers a callback of Twilio Frontline or Conversations',
    access: 'twilio',
    request: {
      params: tenantPath.extend({ callback: z.enum(callbacks) }),
      body: twilioForm({ Location: z.string().optional(), EventType: z.string().optional() }),
    },
    answers: {
      200: {
        description: 'What Frontline expects of the callback',
        content: json(z.union([z.looseObject({}), z.array(z.looseObject({}))])),
      },
    },
    errors: [400, 403, 404, 409, 413, 422, 451, 502],
  },
];
