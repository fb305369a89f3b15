import { describe, expect, it } from 'vitest';
import { operatorRoutes } from '../../../domain/operator/routes.ts';
import { readServerless } from '../../builders/serverless.ts';
import { service } from './service.ts';

const keys = operatorRoutes.map(({ method, path }) => `${method} ${path}`);

describe('the table of routes', () => {
  it('has a row for each route of the operator function, once', () => {
    const { operator } = readServerless().functions;
    const deployed = operator?.events.map(({ httpApi }) => httpApi);
    expect([...keys].sort()).toEqual([...(deployed ?? [])].sort());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('asks for the key of the role that the row names, before it reads the request', async () => {
    const { call } = service([]);
    for (const key of keys) {
      expect((await call(key, { key: 'wrong', body: '{' })).status).toBe(401);
    }
  });

  it('names every field that is wrong at once', async () => {
    const { call } = service([]);
    const query = { limit: '0', class: 'unlucky', colour: 'red' };
    expect(await call('GET /failed-requests', { query })).toMatchObject({
      status: 422,
      body: {
        error: {
          details: expect.arrayContaining([
            { field: 'limit', issue: 'is a whole number from 1 to 500' },
            expect.objectContaining({ field: 'class' }),
            { field: 'colour', issue: 'is not known' },
          ]),
        },
      },
    });
  });
});
