import { readFileSync } from 'node:fs';
import { createConfig, lint } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { handler } from '../../handlers/openapi.ts';
import { openapiDocument } from '../../openapi/document.ts';
import { examples } from '../../openapi/examples.ts';
import { operations } from '../../openapi/operations.ts';
import { operatorOperations } from '../../openapi/operator.ts';
import { openapiFiles } from '../../openapi/write.ts';
import { anApiEvent } from '../builders/api-event.ts';
import { readServerless } from '../builders/serverless.ts';
import { violationsOf } from './checker.ts';

const deployed = Object.values(readServerless().functions).flatMap(({ events }) =>
  events.flatMap(({ httpApi }) => httpApi ?? []),
);
const described = operations.map(({ method, path }) => `${method} ${path}`);
/** Whether a route of the gateway takes an operation: `{call}` stands for any one part of a path. */
const takes = (route: string, operation: string): boolean =>
  new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(operation);

describe('the description of the HTTP API', () => {
  it.each(['openapi.yaml', 'openapi.json'])(
    'in %s is current; if not, run npm run openapi',
    (name) => {
      expect(readFileSync(name, 'utf8') === openapiFiles()[name]).toBe(true);
    },
  );

  it('has every route of the service, and no other', () => {
    expect(deployed.length).toBeGreaterThan(20);
    const missing = deployed.filter((route) => !described.some((one) => takes(route, one)));
    const unknown = described.filter((one) => !deployed.some((route) => takes(route, one)));
    expect([missing, unknown]).toEqual([[], []]);
  });

  it('passes the linter', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lint({ ref: 'openapi.yaml', config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it('has an example of every JSON body that is posted to the operator, and of every answer', () => {
    const missing = operatorOperations.flatMap(({ method, path, request, answers }) => {
      const key = `${method} ${path}`;
      const sent = request.body !== undefined && !(key in examples.request) ? [key] : [];
      const answered = Object.entries(answers).flatMap(([status, { content }]) =>
        content === undefined ? [] : [`${key} ${status}`],
      );
      return [...sent, ...answered.filter((one) => !(one in examples.answer))];
    });
    // They belong into openapi/examples.ts.
    expect(missing).toEqual([]);
  });

  it('describes each subject', () => {
    const { tags } = openapiDocument();
    const subjects = new Set(operations.map(({ tag }) => tag));
    // They belong into openapi/document.ts.
    expect([...subjects].sort()).toEqual(tags.map(({ name }) => name).sort());
  });

  it.each(Object.entries(examples.answer))('has a right example of %s', (key, body) => {
    const [method = '', path = '', status] = key.split(' ');
    expect(violationsOf({ method, path, status: Number(status), body })).toEqual([]);
  });

  it.each(Object.entries(examples.request))('has a right example to send of %s', (key, sent) => {
    const [method = '', path = ''] = key.split(' ');
    expect(violationsOf({ method, path, sent })).toEqual([]);
  });

  it('is served without a key', async () => {
    const answer = await handler(anApiEvent());
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body ?? '')).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });
});

describe('the checker', () => {
  const answer = { method: 'GET', path: '/replays/friday-evening', status: 200 };
  const replay = examples.answer['GET /replays/{id} 200'];

  it.each([
    ['a field that is missing', { ...answer, body: {} }],
    ['a field that is not described', { ...answer, body: Object.assign({ odd: 1 }, replay) }],
    ['a status that is not described', { ...answer, status: 418, body: {} }],
    ['an operation that is not described', { method: 'PUT', path: '/replays/1', status: 200 }],
    [
      'a body where there should be none',
      { method: 'POST', path: '/webhooks/twilio/t/status', status: 204, body: {} },
    ],
    ['a request with an unknown field', { method: 'POST', path: '/replays', sent: { odd: 1 } }],
    ['a query that is wrong', { method: 'GET', path: '/replays', query: { limit: 'many' } }],
  ])('finds %s', (_what, exchange) => {
    expect(violationsOf(exchange)).not.toEqual([]);
  });

  it('finds nothing wrong with an answer that is right', () => {
    expect(violationsOf({ ...answer, body: replay })).toEqual([]);
  });
});
