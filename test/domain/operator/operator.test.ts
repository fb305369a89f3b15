import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { failedRequestKinds } from '../../../domain/failed-requests/failed-request.ts';
import { failureClasses } from '../../../domain/failure.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { someFailed } from '../replay/replay-setup.ts';
import { type Answer, service } from './service.ts';

const fieldsOf = ({ body }: Answer) => JSON.stringify(body).match(/"field":"[^"]*"/g) ?? [];

describe('an operator without a good key', () => {
  it('is answered 401', async () => {
    const { call } = service([]);
    expect((await call('GET /failed-requests', { key: 'bad' })).status).toBe(401);
  });

  it('is answered 403 for a tenant that the key is not bound to, and does not see its requests', async () => {
    const { call } = service(someFailed(1, () => ({ tenantId: 'tenant-b' })));
    const of = { query: { tenantId: 'tenant-b' } };
    expect((await call('GET /failed-requests', of)).status).toBe(403);
    const guid = { params: { guid: 'guid-000000' } };
    expect((await call('GET /failed-requests/{guid}', guid)).status).toBe(404);
    expect((await call('POST /replays', { body: { tenantId: 'tenant-b' } })).status).toBe(403);
  });
});

describe('a call of an operator', () => {
  it.each([
    ['GET /failed-requests', { query: { tenantId: 'tenant-a' } }, 200],
    ['GET /failed-requests/{guid}', { params: { guid: 'nobody' } }, 404],
    [
      'GET /deliveries/{guid}',
      { params: { guid: 'nobody' }, query: { tenantId: 'tenant-a' } },
      404,
    ],
    ['GET /failed-requests', { query: { tenantId: 'tenant-b' } }, 403],
    ['POST /replays', { body: { tenantId: 'tenant-b' } }, 403],
  ])(
    '%s with %j is logged with who made it, also when it only reads',
    async (route, given, status) => {
      const { call, w } = service([]);
      await call(route, given);
      const lines = w.observe.lines.filter(({ message }) => message === 'operator call');
      expect(lines).toMatchObject([{ fields: { route, caller: 'on-call', status } }]);
    },
  );
});

describe('failed requests', () => {
  it('are grouped by cause, sender and task, the largest group first', async () => {
    const rows = someFailed(10, (no) => (no < 7 ? {} : { errorCode: '21606', taskId: 'task-2' }));
    const { call } = service(rows);
    const { body } = await call('GET /failed-requests', { query: { group: 'true' } });
    expect(body.groups).toMatchObject([
      { code: '20003', count: 7, taskId: 'task-1', replayable: 'yes', class: 'config' },
      { code: '21606', count: 3, taskId: 'task-2' },
    ]);
    expect(JSON.stringify(body.groups)).toContain('current auth token');
  });

  it.each(failureClasses)(
    '%s says of its group what the best of all plans does with it',
    async (errorClass) => {
      for (const kind of failedRequestKinds) {
        const eventBody = JSON.stringify({ v: 1, tenantId: 'tenant-a', key: 'k' });
        const rows = someFailed(1, () => ({
          errorClass,
          ...(kind === 'external-event' ? { kind, eventBody } : {}),
        }));
        const { call } = service(rows, { eventTtlSeconds: 1 });
        const { body } = await call('GET /failed-requests', { query: { group: 'true' } });
        const plan = await call('POST /replays', {
          body: { dryRun: true, ignoreTtl: true, includePermanent: true },
        });
        const [group] = z.array(z.object({ replayable: z.string() })).parse(body.groups);
        expect([kind, plan.body.wouldSend]).toEqual([kind, group?.replayable === 'no' ? 0 : 1]);
      }
    },
  );

  it('of people who opted out are in the plan once they have opted back in', async () => {
    const { w, call } = service(someFailed(1, () => ({ errorClass: 'opted-out' })));
    const planned = async () => (await call('POST /replays', { body: { dryRun: true } })).body;
    const { body } = await call('GET /failed-requests', { query: { group: 'true' } });
    expect(body.groups).toMatchObject([{ replayable: 'if-opted-back-in' }]);

    await w.optOuts.optOut('tenant-a', '+12025550123', 'STOP', BUILT_AT);
    expect(await planned()).toMatchObject({ wouldSend: 0, counts: { 'opted-out': 1 } });
    await w.optOuts.optIn('tenant-a', '+12025550123', 'START', BUILT_AT + 1);
    expect(await planned()).toMatchObject({ wouldSend: 1, counts: { send: 1 } });
  });

  it('are listed newest first, in pages, with numbers masked and without text', async () => {
    const { call } = service(someFailed(5));
    const first = await call('GET /failed-requests', { query: { limit: '2' } });
    expect(first.body.items).toMatchObject([{ guid: 'guid-000004' }, { guid: 'guid-000003' }]);
    const text = JSON.stringify(first.body);
    expect(text).not.toContain('12025550123');
    expect(text).not.toContain('parcel');
    expect(text).toContain('…23');
    const cursor = String(first.body.cursor);
    const second = await call('GET /failed-requests', { query: { limit: '2', cursor } });
    expect(second.body.items).toMatchObject([{ guid: 'guid-000002' }, { guid: 'guid-000001' }]);
  });

  it.each([
    [{ class: 'config' }, 4],
    [{ code: '21610' }, 2],
    [{ provider: 'scg' }, 1],
    [{ kind: 'external-event' }, 1],
    [{ taskId: 'task-9' }, 1],
    [{ since: new Date(BUILT_AT - 3000).toISOString() }, 3],
    [{ until: new Date(BUILT_AT - 4000).toISOString() }, 3],
  ])('are filtered by %o', async (query, count) => {
    const rows = someFailed(6, (no) => ({
      ...(no < 2 ? { errorCode: '21610', errorClass: 'opted-out' as const } : {}),
      ...(no === 2 ? { provider: 'scg' } : {}),
      ...(no === 3 ? { kind: 'external-event' as const } : {}),
      ...(no === 4 ? { taskId: 'task-9' } : {}),
    }));
    const { call } = service(rows);
    const { body } = await call('GET /failed-requests', { query });
    expect(body.items).toHaveLength(count);
  });

  it('tell the whole story of one: itself, its delivery and its replay', async () => {
    const { w, call } = service(someFailed(1));
    await w.deliveries.insert(aDelivery({ guid: 'guid-000000', status: 'failed', attempts: 3 }));
    const { body } = await call('GET /failed-requests/{guid}', { params: { guid: 'guid-000000' } });
    expect(body).toMatchObject({
      failedRequest: { guid: 'guid-000000', to: '…23', code: '20003' },
      delivery: { status: 'failed', attempts: 3 },
      replay: null,
    });
    const delivery = await call('GET /deliveries/{guid}', { params: { guid: 'guid-000000' } });
    expect(delivery.body).toMatchObject({ guid: 'guid-000000', status: 'failed' });
  });

  it('are purged only when the tenant is repeated', async () => {
    const { w, call } = service(someFailed(4, (no) => (no === 0 ? { taskId: 'task-2' } : {})));
    const body = { taskId: 'task-1' };
    const unsure = await call('POST /failed-requests/purge', { body });
    expect([unsure.status, fieldsOf(unsure)]).toEqual([422, ['"field":"confirm"']]);
    expect(w.failedRequests.all()).toHaveLength(4);
    const sure = await call('POST /failed-requests/purge', {
      body: { ...body, confirm: 'tenant-a' },
    });
    expect(sure.body).toEqual({ purged: 3 });
    expect(w.failedRequests.all()).toHaveLength(1);
  });
});

describe('bad input', () => {
  const route = { params: { guid: 'guid-1', id: 'replay-9' } };
  it.each([
    ['an unknown tenant', 'GET /failed-requests', { query: { tenantId: 'nobody' } }, 404],
    ['an unknown tenant', 'POST /replays', { body: { tenantId: 'nobody' } }, 404],
    [
      'an unknown code',
      'GET /failed-requests',
      { query: { tenantId: 'tenant-a', code: '4711' } },
      404,
    ],
    ['an unknown code', 'POST /replays', { body: { tenantId: 'tenant-a', code: '4711' } }, 404],
    [
      'an unknown code',
      'POST /replays',
      { body: { tenantId: 'tenant-a', code: '4711', dryRun: true } },
      404,
    ],
    ['an unknown guid', 'GET /failed-requests/{guid}', route, 404],
    [
      'an unknown delivery',
      'GET /deliveries/{guid}',
      { ...route, query: { tenantId: 'tenant-a' } },
      404,
    ],
    ['an unknown replay', 'GET /replays/{id}', route, 404],
    ['an unknown replay', 'POST /replays/{id}/pause', route, 404],
    ['an unknown replay', 'POST /replays/{id}/resume', route, 404],
    ['an unknown replay', 'POST /replays/{id}/cancel', route, 404],
    ['odd characters', 'GET /failed-requests/{guid}', { params: { guid: 'a/../b' } }, 400],
    ['odd characters', 'GET /deliveries/{guid}', { params: { guid: '<script>' } }, 400],
    ['odd characters', 'GET /replays/{id}', { params: { id: "1' or 1" } }, 400],
    ['no JSON', 'POST /replays', { body: '{' }, 400],
    [
      'no cursor of ours',
      'GET /failed-requests',
      { query: { tenantId: 'tenant-a', cursor: 'x' } },
      400,
    ],
  ])('%s in %s is answered as such', async (_what, routeKey, given, status) => {
    const { call } = service(someFailed(1), { tenants: '*' });
    const answer = await call(routeKey, given);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({
      message: expect.any(String),
      requestId: 'request-1',
    });
  });

  it('a cursor from another query is answered 400', async () => {
    const { call } = service(someFailed(5));
    const { body } = await call('GET /failed-requests', { query: { limit: '2' } });
    const query = { limit: '2', status: 'resolved', cursor: String(body.cursor) };
    expect((await call('GET /failed-requests', { query })).status).toBe(400);
  });

  it.each([
    [{ rate: 0 }, 'rate'],
    [{ rate: -1 }, 'rate'],
    [{ rate: 101 }, 'rate'],
    [{ rate: 'fast' }, 'rate'],
    [{ canary: -1 }, 'canary'],
    [{ canary: 10_001 }, 'canary'],
    [{ canary: 1.5 }, 'canary'],
    [{ maxFailureRate: 1.1 }, 'maxFailureRate'],
    [{ since: '2026-03-02T10:00:00Z', until: '2026-03-02T09:00:00Z' }, 'until'],
    [{ since: 'yesterday' }, 'since'],
    [{ class: 'unlucky' }, 'class'],
    [{ clas: 'config' }, 'clas'],
  ])('a replay with %o is refused, naming %s', async (body, field) => {
    const { w, call } = service(someFailed(5));
    const answer = await call('POST /replays', { body });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [`"field":"${field}"`]]);
    expect(w.started).toHaveLength(0);
  });

  it('a key for many tenants has to name one', async () => {
    const { call } = service([], { tenants: '*' });
    const answer = await call('GET /failed-requests');
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['"field":"tenantId"']]);
  });

  it('a tenant without a secret is known as long as anything of it has failed', async () => {
    const rows = someFailed(1, () => ({ tenantId: 'left' }));
    const { call } = service(rows, { tenants: '*' });
    expect((await call('GET /failed-requests', { query: { tenantId: 'left' } })).status).toBe(200);
  });
});

describe.each([
  [
    'permanent failures',
    'permanent',
    { includePermanent: true },
    'the provider refused these permanently',
  ],
  [
    'what the provider cannot tell about',
    'unknown',
    { sendInDoubt: true },
    'people may get these a second time',
  ],
] as const)('a replay of %s', (_, errorClass, insist, why) => {
  it('starts only when the tenant id is repeated', async () => {
    const { w, call } = service(someFailed(1, () => ({ errorClass })));
    for (const body of [insist, { ...insist, confirm: 'yes' }]) {
      expect(await call('POST /replays', { body })).toMatchObject({
        status: 422,
        body: {
          error: {
            details: [{ field: 'confirm', issue: `must repeat the tenant id: ${why}` }],
          },
        },
      });
    }
    expect(w.started).toHaveLength(0);
    const { status } = await call('POST /replays', { body: { ...insist, confirm: 'tenant-a' } });
    expect(status).toBe(202);
    expect(w.started).toHaveLength(1);
    const [started] = w.started;
    expect(await w.replays.get(started?.step.replayId ?? '')).toMatchObject({ options: insist });
  });
});

describe('a plan', () => {
  it('counts verdicts with samples and the time it would take, and changes nothing', async () => {
    const rows = someFailed(40, (no) => (no < 10 ? { errorClass: 'permanent' } : {}));
    const { w, call } = service(rows);
    await w.deliveries.insert(
      aDelivery({ guid: 'guid-000020', status: 'failed', doubt: { from: 1, to: 2 } }),
    );
    const { status, body } = await call('POST /replays', { body: { dryRun: true, rate: 5 } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      counts: { send: 29, 'in-doubt': 1, 'needs-editing': 10 },
      samples: { 'in-doubt': ['guid-000020'] },
      selected: 40,
      wouldSend: 30,
      seconds: 6,
      rate: 5,
    });
    expect(w.failedRequests.all()).toEqual(rows);
    expect(w.started).toHaveLength(0);
  });

  it('names three of each verdict, and rounds the time up', async () => {
    const { call } = service(someFailed(11));
    const { body } = await call('POST /replays', { body: { dryRun: true, rate: 10 } });
    expect(body).toMatchObject({
      samples: { send: ['guid-000000', 'guid-000001', 'guid-000002'] },
      seconds: 2,
    });
    expect(body.samples).toEqual({ send: expect.objectContaining({ length: 3 }) });
  });

  it('of nothing sends nothing', async () => {
    const { call } = service([]);
    const { body } = await call('POST /replays', { body: { dryRun: true } });
    expect(body).toMatchObject({ counts: {}, samples: {}, selected: 0, wouldSend: 0, seconds: 0 });
  });

  it('counts permanent failures as sent when the operator insists, without a confirmation', async () => {
    const { call } = service(someFailed(4, () => ({ errorClass: 'permanent' })));
    const { body } = await call('POST /replays', {
      body: { dryRun: true, includePermanent: true },
    });
    expect(body).toMatchObject({ counts: { send: 4 }, wouldSend: 4 });
  });

  it('of a long selection goes on with its cursor', async () => {
    const { w, call } = service(someFailed(1200));
    const list = w.deps.failedRequests.list;
    // Each read takes so long that the time is up after one.
    w.failedRequests.list = async (...args: Parameters<typeof list>) => {
      w.clock.advance(20_000);
      return list(...args);
    };
    let selected = 0;
    let body: Record<string, unknown> = { dryRun: true, until: new Date(BUILT_AT).toISOString() };
    for (let pages = 0; pages < 5; pages++) {
      const answer = await call('POST /replays', { body });
      selected += Number(answer.body.selected);
      if (answer.body.cursor === undefined) break;
      body = { ...body, cursor: answer.body.cursor };
    }
    expect(selected).toBe(1200);
  });
});

describe('a replay', () => {
  const start = async (s: ReturnType<typeof service>, body: object = {}) =>
    String((await s.call('POST /replays', { body: { rate: 50, ...body } })).body.replayId);
  const id = (replayId: string) => ({ params: { id: replayId } });

  it('is started, runs, and is reported', async () => {
    const s = service(someFailed(30));
    const started = await s.call('POST /replays', { body: { rate: 50, class: 'config' } });
    expect(started).toMatchObject({
      status: 202,
      body: { status: 'running', startedBy: 'on-call', requeued: 0 },
    });
    await s.w.run();
    const { body } = await s.call('GET /replays/{id}', id('replay-1'));
    expect(body).toMatchObject({ status: 'completed', requeued: 30, sent: 30, onTheirWay: 0 });
    const { body: all } = await s.call('GET /replays');
    expect(all.items).toMatchObject([{ replayId: 'replay-1' }]);
  });

  it('of nothing ends with a report that says so', async () => {
    const s = service([]);
    const replayId = await start(s, { canary: 10 });
    await s.w.run();
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body).toMatchObject({ status: 'completed', requeued: 0, skipped: {} });
  });

  it('whose canary fails stops, and goes on after the cause is fixed', async () => {
    let fixed = false;
    const s = service(someFailed(100), { fate: () => (fixed ? 'sent' : 'fails') });
    const replayId = await start(s, { canary: 10, maxFailureRate: 0.1 });
    await s.w.run();
    const stopped = await s.call('GET /replays/{id}', id(replayId));
    expect(stopped.body).toMatchObject({ status: 'stopped', requeued: 10, failedAgain: 10 });
    expect(stopped.body.reason).toBe(
      'of a canary of 10, 10 failed again and 0 had no outcome; 10 % is allowed',
    );
    fixed = true;
    expect((await s.call('POST /replays/{id}/resume', id(replayId))).status).toBe(200);
    await s.w.run();
    const done = await s.call('GET /replays/{id}', id(replayId));
    expect(done.body).toMatchObject({
      status: 'completed',
      requeued: 100,
      sent: 90,
      failedAgain: 10,
    });
  });

  it('whose canary goes well goes on by itself', async () => {
    const s = service(someFailed(100));
    const replayId = await start(s, { canary: 10, maxFailureRate: 0 });
    await s.w.run();
    expect(s.w.trail).toContain('outcomes');
    expect((await s.call('GET /replays/{id}', id(replayId))).body).toMatchObject({
      status: 'completed',
      sent: 100,
    });
  });

  it.each([3, 20])('of 3 with a canary of %i takes all 3 as its canary', async (canary) => {
    const s = service(
      someFailed(3, (no) => (no === 1 ? { errorClass: 'permanent' } : {})),
      { fate: ({ guid }) => (guid.endsWith('2') ? 'fails' : 'sent') },
    );
    const replayId = await start(s, { canary, maxFailureRate: 0 });
    await s.w.run();
    expect((await s.call('GET /replays/{id}', id(replayId))).body).toMatchObject({
      status: 'completed',
      requeued: 2,
      sent: 1,
      failedAgain: 1,
      skipped: { 'needs-editing': 1 },
    });
  });

  it('whose canary does not come back in time stops', async () => {
    const s = service(someFailed(100), { fate: () => 'stays', limits: { awaitSeconds: 60 } });
    const replayId = await start(s, { canary: 10, maxFailureRate: 0.1 });
    await s.w.run();
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body).toMatchObject({ status: 'stopped', requeued: 10, onTheirWay: 10 });
  });

  it('stops on its way when too many fail again', async () => {
    const s = service(someFailed(1000), {
      fate: () => 'fails',
      limits: { sliceMs: 2000, pollSeconds: 1 },
    });
    const replayId = await start(s, { maxFailureRate: 0.5 });
    await s.w.run();
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body.status).toBe('stopped');
    expect(Number(body.requeued)).toBeLessThan(300);
  });

  it('does not wait for ever for what is on its way, and reports it so', async () => {
    const s = service(someFailed(10), {
      fate: ({ guid }) => (guid.endsWith('7') ? 'stays' : 'sent'),
      limits: { awaitSeconds: 60 },
    });
    const replayId = await start(s);
    await s.w.run();
    expect((await s.call('GET /replays/{id}', id(replayId))).body).toMatchObject({
      status: 'completed',
      sent: 9,
      onTheirWay: 1,
    });
  });

  it('is paused and resumed, and canceled permanently', async () => {
    const s = service(someFailed(300), { limits: { sliceMs: 1000 } });
    const replayId = await start(s);
    let pressed = false;
    await s.w.run(async () => {
      if (pressed) return;
      pressed = true;
      const { body } = await s.call('POST /replays/{id}/pause', id(replayId));
      expect(body).toMatchObject({ status: 'running', asked: 'pause' });
    });
    const paused = await s.call('GET /replays/{id}', id(replayId));
    expect(paused.body).toMatchObject({ status: 'paused', asked: null });
    expect((await s.call('POST /replays/{id}/pause', id(replayId))).status).toBe(200);

    await s.call('POST /replays/{id}/resume', id(replayId));
    pressed = false;
    await s.w.run(async () => {
      if (pressed) return;
      pressed = true;
      expect((await s.call('POST /replays/{id}/resume', id(replayId))).status).toBe(409);
      await s.call('POST /replays/{id}/cancel', id(replayId));
    });
    const canceled = await s.call('GET /replays/{id}', id(replayId));
    expect(canceled.body.status).toBe('canceled');
    expect(s.w.sent).toHaveLength(Number(canceled.body.requeued));
    expect((await s.call('POST /replays/{id}/cancel', id(replayId))).status).toBe(200);
    for (const action of ['pause', 'resume']) {
      expect((await s.call(`POST /replays/{id}/${action}`, id(replayId))).status).toBe(409);
    }
  });

  it('goes on as if nothing had been asked when a pause is taken back in time', async () => {
    const s = service(someFailed(50), { limits: { sliceMs: 1000 } });
    const replayId = await start(s);
    await s.call('POST /replays/{id}/pause', id(replayId));
    const resumed = await s.call('POST /replays/{id}/resume', id(replayId));
    expect(resumed.body).toMatchObject({ status: 'running', asked: null });

    await s.w.run();
    expect(s.w.sent).toHaveLength(50);
    expect(s.w.started).toHaveLength(1);
  });

  it('that is being canceled can neither be paused nor kept from it', async () => {
    const s = service(someFailed(50));
    const replayId = await start(s);
    await s.call('POST /replays/{id}/cancel', id(replayId));
    expect((await s.call('POST /replays/{id}/cancel', id(replayId))).status).toBe(200);
    expect((await s.call('POST /replays/{id}/pause', id(replayId))).status).toBe(409);

    await s.w.run();
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body).toMatchObject({ status: 'canceled', requeued: 0 });
  });

  it('that is completed cannot be canceled any more', async () => {
    const s = service(someFailed(3));
    const replayId = await start(s);
    await s.w.run();
    expect((await s.call('POST /replays/{id}/cancel', id(replayId))).status).toBe(409);
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body).toMatchObject({ status: 'completed' });
  });

  it('keeps an operator’s word that came while the execution wrote its progress', async () => {
    const s = service(someFailed(50));
    const replayId = await start(s);
    const swap = s.w.replays.swap;
    vi.spyOn(s.w.replays, 'swap').mockImplementationOnce(async (next) => {
      await swap({ ...next, control: undefined, requeued: 1 });
      return false;
    });
    const { body } = await s.call('POST /replays/{id}/cancel', id(replayId));
    expect(body).toMatchObject({ asked: 'cancel', requeued: 1 });
  });

  it('that changed its status at that moment is a conflict for the operator', async () => {
    const s = service(someFailed(50));
    const replayId = await start(s);
    const swap = s.w.replays.swap;
    vi.spyOn(s.w.replays, 'swap').mockImplementationOnce(async (next) => {
      await swap({ ...next, control: undefined, status: 'paused' });
      return false;
    });
    expect((await s.call('POST /replays/{id}/cancel', id(replayId))).status).toBe(409);
    const { body } = await s.call('GET /replays/{id}', id(replayId));
    expect(body).toMatchObject({ status: 'paused', asked: null });
  });

  it('that is paused can be canceled', async () => {
    const s = service(someFailed(50));
    const replayId = await start(s);
    await s.call('POST /replays/{id}/pause', id(replayId));
    await s.w.run();
    await s.call('POST /replays/{id}/cancel', id(replayId));
    await s.w.run();
    expect((await s.call('GET /replays/{id}', id(replayId))).body).toMatchObject({
      status: 'canceled',
      requeued: 0,
    });
  });

  it('whose execution cannot be started is failed, and can be resumed', async () => {
    const s = service(someFailed(5));
    s.w.starting.begin(1);
    const { status, body } = await s.call('POST /replays', { body: {} });
    expect(status).toBe(503);
    expect(JSON.stringify(body)).toContain('Replay replay-1 is stored as failed and nothing of it');
    expect((await s.call('GET /replays/{id}', id('replay-1'))).body).toMatchObject({
      status: 'failed',
      reason: 'its execution could not be started; resume it',
    });
    await s.call('POST /replays/{id}/resume', id('replay-1'));
    await s.w.run();
    expect(s.w.sent).toHaveLength(5);
  });

  it('that is asked for again under its idempotency key goes on, and is one replay', async () => {
    const s = service(someFailed(5));
    const headers = { 'idempotency-key': 'friday-evening' };
    s.w.starting.begin(1);
    expect((await s.call('POST /replays', { body: {}, headers })).status).toBe(503);
    s.w.clock.advance(60_000);

    const again = await s.call('POST /replays', { body: {}, headers });
    expect(again).toMatchObject({ status: 202, body: { replayId: 'friday-evening' } });
    await s.w.run();
    expect((await s.call('POST /replays', { body: {}, headers })).body).toMatchObject({
      replayId: 'friday-evening',
      status: 'completed',
    });
    expect(s.w.sent).toHaveLength(5);
    expect((await s.call('GET /replays')).body.items).toHaveLength(1);
  });

  it('of something else does not go by a key that is taken', async () => {
    const s = service(someFailed(5));
    const headers = { 'idempotency-key': 'friday-evening' };
    await s.call('POST /replays', { body: {}, headers });

    const other = await s.call('POST /replays', { body: { class: 'config' }, headers });
    expect(other.status).toBe(409);
    const odd = { headers: { 'idempotency-key': 'two words' } };
    expect((await s.call('POST /replays', { body: {}, ...odd })).status).toBe(422);
  });

  it('whose execution was ended from outside can be resumed', async () => {
    const s = service(someFailed(5));
    const replayId = await start(s);
    s.w.dead.add(`${replayId}-1`);
    expect((await s.call('POST /replays/{id}/pause', id(replayId))).status).toBe(409);
    expect((await s.call('POST /replays/{id}/resume', id(replayId))).status).toBe(200);
    await s.w.run();
    expect(s.w.sent).toHaveLength(5);
  });
});

it('a request of the poison kind is listed under the tenant that could be made out', async () => {
  const rows = someFailed(1, () => ({
    tenantId: 'unknown',
    eventBody: 'gibberish',
    errorClass: 'poison',
  }));
  const { call } = service(rows, { tenants: '*' });
  const { body } = await call('GET /failed-requests', { query: { tenantId: 'unknown' } });
  expect(body.items).toMatchObject([{ to: '', replayable: 'no' }]);
});
