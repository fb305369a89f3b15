import * as z from 'zod';
import { json, type Operation } from './operation.ts';

export const serviceOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/health',
    id: 'getHealth',
    tag: 'Service',
    summary: 'Answers when the service has settings that it can run with',
    access: 'anyone',
    request: {},
    answers: {
      200: { description: 'Healthy', content: json(z.object({ status: z.literal('ok') })) },
    },
    errors: [],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    id: 'getOpenapi',
    tag: 'Service',
    summary: 'This description',
    access: 'anyone',
    request: {},
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        content: json(z.looseObject({ openapi: z.string(), paths: z.looseObject({}) })),
      },
    },
    errors: [],
  },
  {
    method: 'GET',
    path: '/console',
    id: 'getConsole',
    tag: 'Service',
    summary: "The operator's page. It holds no data: what it shows needs a key",
    access: 'anyone',
    request: {},
    answers: {
      200: { description: 'HTML', content: [{ type: 'text/html', schema: z.string() }] },
    },
    errors: [],
  },
  {
    method: 'GET',
    path: '/console/{file}',
    id: 'getConsoleFile',
    tag: 'Service',
    summary: 'A file of that page, which may be cached for ever',
    access: 'anyone',
    request: { params: z.object({ file: z.string() }) },
    answers: {
      200: {
        description: 'The file',
        headers: { 'Content-Encoding': 'gzip, where the caller accepts it' },
        content: [
          { type: 'text/javascript', schema: z.string() },
          { type: 'text/css', schema: z.string() },
          { type: 'image/svg+xml', schema: z.string() },
        ],
      },
    },
    errors: [404],
  },
];
