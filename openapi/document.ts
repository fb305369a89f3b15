import type * as z from 'zod';
import { examples } from './examples.ts';
import {
  type Content,
  type Described,
  errorSchema,
  gatewaySchema,
  json,
  type Operation,
} from './operation.ts';
import { operations } from './operations.ts';
import { type JsonSchema, schemaWriter } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;
type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => JsonSchema;

/** What an error status means, whatever the operation. */
const errorWords: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'No valid key or credentials',
  403: 'The key, signature or setting does not allow it',
  404: 'Not found',
  409: 'The present state does not allow it',
  413: 'The body is too large',
  422: 'Fields are wrong; `details` names each',
  451: 'The person has opted out',
  500: 'An error of the service',
  502: 'The other company refused it',
  503: 'A part of the service is not available; try again after Retry-After seconds',
};

/** Without a key there is one way in; with one there are three ways to present it. */
const securityOf = ({ access, alsoFor }: Operation): readonly Json[] => {
  switch (access) {
    case 'anyone':
      return [];
    case 'twilio':
      return [{ twilioSignature: [] }];
    case 'scg':
      return [{ scgBasic: [] }, { scgBearer: [] }];
    default:
      return [access, ...(alsoFor === undefined ? [] : [alsoFor])].flatMap((role) => [
        { apiKey: [role] },
        { bearer: [role] },
        { basic: [role] },
      ]);
  }
};

const securitySchemes = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description:
      'A key of the secret `access_keys_secret_id`. Its role is named at each operation.',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'The same key as a bearer token' },
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'The same key as the password. The user name is not looked at.',
  },
  twilioSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Twilio-Signature',
    description: 'https://www.twilio.com/docs/usage/security#validating-requests',
  },
  scgBasic: {
    type: 'http',
    scheme: 'basic',
    description: "`scg_webhook_username` and `scg_webhook_password` of the tenant's secret",
  },
  scgBearer: {
    type: 'http',
    scheme: 'bearer',
    description: "`scg_webhook_token` of the tenant's secret",
  },
};

const tags: readonly (readonly [string, string])[] = [
  ['Messages', 'What CI360 posts; finding messages, and what happened to one'],
  ['Failed requests', 'What was not sent, and why'],
  ['Access', 'What a key may do'],
  ['Audit', 'Who changed what'],
  ['Campaigns', 'How campaigns do; holding, resuming and stopping them'],
  ['Totals check', 'Whether the totals of campaigns are those of the deliveries'],
  ['Creatives', 'What a creative becomes'],
  ['Senders', 'How fast each sender may send, and does'],
  ['Templates', 'Content approved at the provider'],
  ['Deliveries', 'What happened to one message'],
  ['Replays', 'Sending again what failed'],
  ['Opt outs', 'Who must not be written to'],
  ['People', 'What is stored about a person, and its removal'],
  ['Status', 'What is in progress'],
  ['Webhooks', 'What the providers call'],
  ['Flex', 'What Flex screens and back offices call'],
  ['Frontline', 'What Twilio Frontline calls'],
  ['Service', 'The service itself'],
];

const noStringType = { schema: { type: 'string' } };

/** The parameters of one part of a request: the properties of its schema. */
function parametersIn(
  place: 'path' | 'query' | 'header',
  schema: z.ZodType | undefined,
  schemaOf: SchemaOf,
): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = typeof property === 'object' ? property : {};
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function contentOf(
  content: readonly Content[],
  io: 'input' | 'output',
  example: unknown,
  schemaOf: SchemaOf,
): Json {
  return Object.fromEntries(
    content.map(({ type, schema }) => [
      type,
      {
        schema: schemaOf(schema, io),
        ...(example === undefined || type !== 'application/json' ? {} : { example }),
      },
    ]),
  );
}

function answerOf(answer: Described, example: unknown, schemaOf: SchemaOf): Json {
  const headers = Object.entries({
    'X-Request-ID': 'The id of the request, also in the log',
    ...answer.headers,
  });
  return {
    description: answer.description,
    headers: Object.fromEntries(
      headers.map(([name, description]) => [name, { description, ...noStringType }]),
    ),
    ...(answer.content === undefined
      ? {}
      : { content: contentOf(answer.content, 'output', example, schemaOf) }),
  };
}

/** Errors are the same for every operation, but for their statuses. */
function errorResponses(schemaOf: SchemaOf): Json {
  const retryAfter = { 'Retry-After': 'Seconds to wait' };
  const ours = Object.entries(errorWords).map(([status, description]): [string, Json] => [
    `Error${status}`,
    answerOf(
      {
        description,
        content: json(errorSchema),
        ...(status === '503' ? { headers: retryAfter } : {}),
      },
      examples.error(Number(status)),
      schemaOf,
    ),
  ]);
  const gateways = {
    description: 'Too many requests at once: API Gateway answers before the service does',
    content: contentOf(json(gatewaySchema), 'output', { message: 'Too Many Requests' }, schemaOf),
  };
  return { ...Object.fromEntries(ours), Error429: gateways };
}

/** A status that an operation answers in the error shape and in one of its own. */
function withErrors(operation: Operation, answers: Readonly<Record<string, Json>>): Json {
  const statuses = [...operation.errors, 429, 500, 503];
  const errors = statuses
    .filter((status) => !(status in answers))
    .map((status) => [status, { $ref: `#/components/responses/Error${status}` }] as const);
  return { ...answers, ...Object.fromEntries(errors) };
}

function operationOf(operation: Operation, schemaOf: SchemaOf): Json {
  const { request, answers } = operation;
  const key = `${operation.method} ${operation.path}`;
  const parameters = [
    ...parametersIn('path', request.params, schemaOf),
    ...parametersIn('query', request.query, schemaOf),
    ...parametersIn('header', request.headers, schemaOf),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: securityOf(operation),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(request.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: contentOf(request.body, 'input', examples.request[key], schemaOf),
          },
        }),
    responses: withErrors(
      operation,
      Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          answerOf(answer, examples.answer[`${key} ${status}`], schemaOf),
        ]),
      ),
    ),
  };
}

/** The description of the whole HTTP API. */
export function openapiDocument(options: { readonly closed: boolean } = { closed: false }) {
  const { components, schemaOf } = schemaWriter(options);
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = operationOf(operation, schemaOf);
    paths[operation.path] = path;
  }
  const responses = errorResponses(schemaOf);
  return {
    openapi: '3.1.0',
    info: {
      title: 'CI360 mobile connector',
      version: '1',
      description:
        'Accepts outbound events of SAS Customer Intelligence 360, takes the callbacks of Twilio and Syniverse, and shows operators what failed and why. Fields may be added to answers at any time.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The output PublicUrl of the deployment' }],
    tags: tags
      .filter(([name]) => operations.some(({ tag }) => tag === name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { securitySchemes, responses, schemas: components },
  };
}
