import { describe, expect, it } from 'vitest';
import { service } from './service.ts';

const show = (
  { call }: ReturnType<typeof service>,
  headers: Record<string, string> = {},
  query: Record<string, string> = {},
) => call('GET /access', { headers, query });

describe('asking what a key may do', () => {
  it('names its roles, its tenants, and the tenant that it is about', async () => {
    expect(await show(service([]))).toMatchObject({
      status: 200,
      body: {
        caller: 'on-call',
        roles: ['viewer', 'operator', 'compliance'],
        tenants: ['tenant-a'],
        tenantId: 'tenant-a',
      },
    });
  });

  it('is open to a viewer, who has that role alone', async () => {
    const answer = await show(service([]), { 'x-api-key': 'viewer' });
    expect(answer.body).toMatchObject({ caller: 'looker', roles: ['viewer'] });
  });

  it.each(['*' as const, ['tenant-a', 'tenant-b']])(
    'says that a key for %s has to name a tenant, and checks the one it names',
    async (tenants) => {
      const s = service([], { tenants });
      expect((await show(s)).body).toMatchObject({ tenants, tenantId: null });
      expect((await show(s, {}, { tenantId: 'tenant-a' })).body).toMatchObject({
        tenantId: 'tenant-a',
      });
    },
  );

  it('refuses a tenant of others', async () => {
    expect((await show(service([]), {}, { tenantId: 'tenant-b' })).status).toBe(403);
  });

  it('refuses a key that nobody holds', async () => {
    expect((await show(service([]), { 'x-api-key': 'guess' })).status).toBe(401);
  });
});
