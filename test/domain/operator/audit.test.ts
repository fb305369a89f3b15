import { describe, expect, it } from 'vitest';
import { service } from './service.ts';

const phone = '+12025550123';

describe('the audit', () => {
  it('keeps who changed what, with the outcome and without the number', async () => {
    const s = service([]);
    await s.call('POST /opt-outs/add', {
      body: { tenantId: 'tenant-a', address: phone, source: 'phone', note: 'call of Mrs Doe' },
    });
    expect(s.audit.all()).toEqual([
      {
        entryId: `${new Date(s.w.clock()).toISOString()}#request-1`,
        tenantId: 'tenant-a',
        at: s.w.clock(),
        caller: 'on-call',
        role: 'compliance',
        requestId: 'request-1',
        action: 'POST /opt-outs/add',
        about: { tenantId: 'tenant-a', address: '…23', source: 'phone' },
        status: 200,
        result: { optedOut: true },
      },
    ]);
    expect(JSON.stringify(s.audit.all())).not.toMatch(/2025550123|Doe/);
  });

  it('keeps what was refused', async () => {
    const s = service([]);
    await s.call('POST /opt-outs/lift', { body: { address: phone, confirm: 'tenant-a' } });
    expect(s.audit.all()).toMatchObject([{ action: 'POST /opt-outs/lift', status: 404 }]);
  });

  it('keeps what a table can hold of a request that makes no sense', async () => {
    const s = service([]);
    await s.call('POST /replays', { body: { rate: 1e220, canary: 4e-323, '': 1, 'a b': 2 } });
    expect(s.audit.all()).toMatchObject([{ status: 422 }]);
    expect(s.audit.all()[0]?.about).toEqual({ rate: '1e+220', canary: '4e-323' });
  });

  it('counts the lines of a list instead of keeping them', async () => {
    const s = service([]);
    const row = { line: 2, number: phone, state: 'opted-out', at: '2025-11-01T09:00:00Z' };
    await s.call('POST /opt-outs/import', { body: { tenantId: 'tenant-a', rows: [row] } });
    expect(s.audit.all()).toMatchObject([
      { about: { rows: 1 }, result: { recorded: 1, known: 0, refused: 0 } },
    ]);
  });

  it('lets nothing be changed while it cannot be written', async () => {
    const s = service([]);
    s.audit.outage.begin();
    const call = s.call('POST /opt-outs/add', {
      body: { tenantId: 'tenant-a', address: phone, source: 'phone' },
    });
    await expect(call).rejects.toThrow('audit is not available');
    s.audit.outage.end();
    expect(await s.w.optOuts.isOptedOut('tenant-a', phone)).toBe(false);
  });

  it('keeps no entry of looking at things, except for exports', async () => {
    const s = service([]);
    await s.call('GET /status');
    await s.call('GET /failed-requests', { query: { tenantId: 'tenant-a' } });
    expect(s.audit.all()).toEqual([]);
    await s.call('GET /opt-outs', { query: { tenantId: 'tenant-a' } });
    expect(s.audit.all()).toMatchObject([{ action: 'GET /opt-outs' }]);
  });

  it('is listed, the latest first', async () => {
    const s = service([]);
    await s.call('GET /opt-outs', { query: { tenantId: 'tenant-a' } });
    const { status, body } = await s.call('GET /audit', { query: { tenantId: 'tenant-a' } });
    expect([status, body]).toMatchObject([
      200,
      { items: [{ action: 'GET /audit', isFinished: false }] },
    ]);
  });
});

describe('a key that may only look', () => {
  it('sees what fails and why, and is refused any change', async () => {
    const s = service([]);
    const look = await s.call('GET /failed-requests', {
      key: 'viewer',
      query: { tenantId: 'tenant-a' },
    });
    expect(look.status).toBe(200);
    const change = await s.call('POST /replays', { key: 'viewer', body: { tenantId: 'tenant-a' } });
    expect(change).toMatchObject({
      status: 403,
      body: { error: { message: 'This needs a key with the role operator.' } },
    });
    const unknown = await s.call('POST /replays', { key: 'wrong', body: {} });
    expect(unknown.status).toBe(401);
  });
});
