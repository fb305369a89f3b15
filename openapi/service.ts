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
];
