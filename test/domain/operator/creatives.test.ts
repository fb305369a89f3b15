import { describe, expect, it } from 'vitest';
import { service } from './service.ts';

const ROUTE = 'POST /creatives/check';
const body = { tenantId: 'tenant-a', provider: 'twilio', creative: 'TO:+12025550123;BODY:Hi' };

describe('checking a creative', () => {
  it('is open to operators and to those who send', async () => {
    const { call, deps } = service([]);
    const roles: string[] = [];
    deps.authenticate = async (_headers, role) => {
      roles.push(role);
      return role === 'connector' ? { name: 'ci360', tenants: ['tenant-a'] } : undefined;
    };
    expect((await call(ROUTE, { body })).status).toBe(200);
    expect(roles).toEqual(['viewer', 'connector']);
    expect((await call('GET /status', { query: { tenantId: 'tenant-a' } })).status).toBe(401);
  });

  it('is refused for a tenant of others', async () => {
    const { call } = service([]);
    expect((await call(ROUTE, { body: { ...body, tenantId: 'tenant-b' } })).status).toBe(403);
  });

  it('names every field of the request that is wrong', async () => {
    const { call } = service([]);
    const answer = await call(ROUTE, { body: { provider: 'pigeon', sample: 'Ben' } });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toMatch(/"field":"provider".*"creative".*"sample"/);
  });
});

describe('a checked template', () => {
  const creative = 'TO:+12025550123;CHANNEL:WHATSAPP;TEMPLATE:spring_sale;VAR_1:Ben;';
  const checked = (rest: string) => async () => {
    const { call } = service([]);
    await call('POST /templates/sync', { body: { tenantId: 'tenant-a' } });
    return call(ROUTE, { body: { ...body, creative: creative + rest } });
  };

  it('is shown as the person reads it', async () => {
    expect(await checked('VAR_2:3 May;')()).toMatchObject({
      body: {
        ok: true,
        template: {
          name: 'spring_sale',
          status: 'approved',
          preview: 'Hello Ben, your code is valid until 3 May.',
          variables: { given: 2, needed: 2 },
        },
      },
    });
  });

  it('has the errors that the worker would find', async () => {
    expect(await checked('')()).toMatchObject({
      body: {
        ok: false,
        template: { variables: { given: 1, needed: 2 } },
        errors: [
          {
            field: 'TEMPLATE',
            issue: 'cannot be sent: The template has variables without a value: 2.',
          },
        ],
      },
    });
  });
});
