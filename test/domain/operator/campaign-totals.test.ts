import { describe, expect, it } from 'vitest';
import { service } from './service.ts';

const started = Date.UTC(2026, 10, 20, 9, 30);
const key = {
  ...{ tenantId: 'tenant-a', taskId: 'task-1', hour: '2026-11-20T09', provider: 'twilio' },
  ...{ channel: 'SMS', country: 'US', sender: '+12025550100' },
};

function aService() {
  const made = service([]);
  const { campaigns, stored } = made.campaigns;
  campaigns.push({
    ...{ tenantId: 'tenant-a', taskId: 'task-1', externalCode: 'TSK_42', startedAt: started },
  });
  stored.push(
    {
      key,
      counts: { accepted: 10, delivered: 4, read: 3, sent: 1, failed: 2, segments: 9 },
      updatedAt: started + 60_000,
    },
    {
      key: { ...key, hour: '2026-11-21T10', country: 'DE' },
      counts: {
        accepted: 5,
        failed: 3,
        undelivered: 1,
        held: 1,
        'held:window': 1,
        'error:failed:config:20003': 3,
        'error:undelivered:permanent:30005:x': 1,
      },
      updatedAt: started + 120_000,
    },
  );
  return made;
}
const params = { taskId: 'task-1' };

describe('GET /campaigns/{taskId}', () => {
  it('shows a funnel in which what was read was delivered and sent, and the causes with advice', async () => {
    const { call } = aService();
    const { status, body } = await call('GET /campaigns/{taskId}', { params });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      taskId: 'task-1',
      externalCode: 'TSK_42',
      startedAt: '2026-11-20T09:30:00.000Z',
      updatedAt: '2026-11-20T09:32:00.000Z',
      totals: {
        ...{ accepted: 15, sent: 9, delivered: 7, read: 3, undelivered: 1, failed: 5, held: 1 },
        heldBy: { window: 1 },
      },
      by: null,
      rows: [],
      errors: [
        { class: 'config', code: '20003', count: 3, advice: 'Check the token.' },
        { outcome: 'undelivered', class: 'permanent', code: '30005:x', count: 1, advice: '' },
      ],
    });
  });

  it('finds it by the task’s code, and says what is not there', async () => {
    const { call } = aService();
    const found = await call('GET /campaigns/{taskId}', { params: { taskId: 'TSK_42' } });
    expect(found.body).toMatchObject({ taskId: 'task-1' });
    const unknown = await call('GET /campaigns/{taskId}', { params: { taskId: 'TSK_43' } });
    expect(unknown).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('There is no campaign TSK_43') } },
    });
  });

  it.each([
    ['day', ['2026-11-20', '2026-11-21'], [10, 5]],
    ['hour', ['2026-11-20T09:00Z', '2026-11-21T10:00Z'], [10, 5]],
    ['country', ['US', 'DE'], [10, 5]],
    ['sender', ['+12025550100'], [15]],
  ])('breaks it down by %s', async (by, names, accepted) => {
    const { call } = aService();
    const { body } = await call('GET /campaigns/{taskId}', { params, query: { by } });
    expect(body.rows).toEqual(
      names.map((name, at) =>
        expect.objectContaining({
          name,
          totals: expect.objectContaining({ accepted: accepted[at] }),
        }),
      ),
    );
  });

  it('counts the messages of some days', async () => {
    const { call } = aService();
    const query = { from: '2026-11-20', to: '2026-11-20' };
    const { body } = await call('GET /campaigns/{taskId}', { params, query });
    expect(body.totals).toMatchObject({ accepted: 10 });
  });

  it('refuses a breakdown and a day that there are not, by name', async () => {
    const { call } = aService();
    const query = { by: 'colour', from: 'yesterday' };
    expect(await call('GET /campaigns/{taskId}', { params, query })).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'by' }, { field: 'from' }] } },
    });
  });

  it('is a table where CSV is asked for, in which no name is a formula', async () => {
    const { serve, campaigns } = aService();
    campaigns.stored.push({
      key: { ...key, sender: '=HYPERLINK("x")' },
      counts: { accepted: 1 },
      updatedAt: 1,
    });
    const request = {
      ...{ method: 'GET', path: '/', routeKey: 'GET /campaigns/{taskId}', rawQuery: '' },
      ...{ params, body: '', requestId: 'r' },
      query: new URLSearchParams({ by: 'sender' }),
    };
    const headers = { 'x-api-key': 'good', accept: 'text/csv' };
    const answer = await serve({ ...request, headers });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8' });
    expect(String(answer.body).split('\r\n')).toEqual([
      'sender,accepted,waiting,held,inDoubt,sent,delivered,read,clicked,undelivered,canceled,failed,expired,replayed,segments,within10s,within60s',
      "'+12025550100,15,0,1,0,9,7,3,0,1,0,5,0,0,9,0,0",
      '"\'=HYPERLINK(""x"")",1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0',
      '',
    ]);
    const errors = await serve({
      ...request,
      query: new URLSearchParams({ by: 'error' }),
      headers,
    });
    expect(String(errors.body).split('\r\n')[1]).toBe(
      'twilio,failed,config,20003,3,No access.,Check the token.',
    );
  });

  it('is nobody else’s', async () => {
    const { call } = aService();
    const query = { tenantId: 'tenant-b' };
    expect((await call('GET /campaigns/{taskId}', { params, query })).status).toBe(403);
    expect((await call('GET /campaigns', { query })).status).toBe(403);
  });
});

describe('GET /campaigns', () => {
  it('lists campaigns with their totals, the latest to start first', async () => {
    const { call, campaigns } = aService();
    campaigns.campaigns.push({
      ...{ tenantId: 'tenant-a', taskId: 'task-2', externalCode: '', startedAt: started + 1 },
    });
    const first = await call('GET /campaigns', { query: { limit: '1' } });
    expect(first.body.items).toMatchObject([
      { taskId: 'task-2', updatedAt: null, totals: { accepted: 0 } },
    ]);
    const cursor = String(first.body.cursor);
    const rest = await call('GET /campaigns', { query: { limit: '1', cursor } });
    expect(rest.body).toMatchObject({ items: [{ taskId: 'task-1', totals: { accepted: 15 } }] });
    expect(rest.body).not.toHaveProperty('cursor');
  });
});
