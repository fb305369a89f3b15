import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { authenticator } from '../../../domain/access/access.ts';
import { DAY, SECOND } from '../../../domain/clock.ts';
import { prepareContent } from '../../../domain/content/prepare.ts';
import type { HttpRequest } from '../../../domain/http.ts';
import { acceptEvent as acceptRoute, MAX_EVENT_BYTES } from '../../../domain/outbound/accept.ts';
import { messageRequestSchema } from '../../../domain/outbound/message-request.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { keyDigest, sameSecret } from '../../../handlers/runtime/same-secret.ts';
import { providers } from '../../../providers/registry.ts';
import { answering } from '../../builders/answering.ts';
import { anHttpRequest } from '../../builders/http-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { anOutboundEvent, type EventOverrides } from '../../builders/outbound-event.ts';
import { senderSettings } from '../../builders/sender-settings.ts';
import { anAccessKeySet, CONNECTOR_KEY, fakeAccessKeys } from '../../fakes/access-keys.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOutboundQueue } from '../../fakes/outbound-queue.ts';
import { fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const ALL_TENANTS_KEY = 'connector-key-for-all-tenants';
const TTL = 3600;
const prepare = prepareContent({
  providers,
  encoding: 'smart',
  max_segments: 2,
  refuse_unmerged: false,
  scg_directives: 'escape',
});

const acceptEvent = (deps: Parameters<typeof acceptRoute>[0]) =>
  answering(acceptRoute(deps), deps.clock);

function ingress({ event_ttl = TTL } = {}) {
  const clock = fakeClock();
  const queue = fakeOutboundQueue();
  const secrets = fakeTenantSecrets();
  const observe = fakeObserve();
  const keys = fakeAccessKeys(
    anAccessKeySet({
      connector: [
        { name: 'ci360', key: CONNECTOR_KEY, tenants: ['tenant-a', 'tenant-without-secret'] },
        { name: 'everybody', key: ALL_TENANTS_KEY, tenants: '*' },
      ],
    }),
  );
  const accept = acceptEvent({
    authenticate: authenticator({ keys, same: sameSecret, digest: keyDigest, clock, observe }),
    tenants: secrets,
    queue,
    settings: {
      event_ttl,
      ...senderSettings({
        default_sender: '+12025550100',
        scg_default_sender: 'sender_id:default',
      }),
    },
    prepare,
    clock,
    observe,
  });
  const post = (body: string, overrides: Partial<HttpRequest> = {}) =>
    accept(anHttpRequest({ headers: { 'x-api-key': CONNECTOR_KEY }, body, ...overrides }));
  const postEvent = (overrides: EventOverrides = {}, request: Partial<HttpRequest> = {}) =>
    post(JSON.stringify(anOutboundEvent(overrides)), request);
  return { post, postEvent, queue, secrets, observe, clock };
}

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ field: z.string(), issue: z.string() })),
    timestamp: z.iso.datetime(),
    requestId: z.literal('request-1'),
  }),
});
const errorOf = (body: unknown) => errorSchema.parse(body).error;

describe('an event for one person', () => {
  it('is put on the queue once and answered 202', async () => {
    const { postEvent, queue, observe } = ingress();
    expect(await postEvent()).toEqual({
      status: 202,
      body: {
        status: 'accepted',
        guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
        encoding: 'GSM-7',
        segments: 1,
      },
    });
    expect(queue.messages).toHaveLength(1);
    expect(messageRequestSchema.parse(queue.messages[0]?.request)).toMatchObject({
      provider: 'twilio',
      to: '+12025550123',
      from: '+12025550100',
      body: 'Hello from the spring sale',
      acceptedAt: BUILT_AT,
    });
    expect(observe.counted('accepted')).toBe(1);
  });

  it.each([
    ['scg', '/scg/messages'],
    ['scg', '/prod/scg/messages'],
    ['twilio', '/twilio/messages'],
  ])('goes to %s when it is posted to %s', async (provider, path) => {
    const { postEvent, queue } = ingress();
    await postEvent({}, { path });
    expect(queue.messages[0]?.request.provider).toBe(provider);
  });

  it('is read whatever its content type, with a byte order mark or without', async () => {
    const { post } = ingress();
    const headers = { 'x-api-key': CONNECTOR_KEY, 'content-type': 'text/plain;charset=UTF-8' };
    const answer = await post(`\uFEFF${JSON.stringify(anOutboundEvent())}`, { headers });
    expect(answer.status).toBe(202);
  });

  it('is logged with the trace id of CI360, and without number or text', async () => {
    const { postEvent, observe } = ingress();
    await postEvent(
      {},
      { headers: { 'x-api-key': CONNECTOR_KEY, 'x-ci360-con-inv-trace-id': 'inv-ev-p1-o2-g3-e4' } },
    );
    expect(observe.lines).toEqual([
      {
        level: 'info',
        message: 'accepted',
        fields: {
          requestId: 'request-1',
          provider: 'twilio',
          traceId: 'inv-ev-p1-o2-g3-e4',
          tenantId: 'tenant-a',
          caller: 'ci360',
          guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
        },
      },
    ]);
  });
});

describe('an event that is not to be sent', () => {
  it('is ignored when it is of another type', async () => {
    const { post, queue, observe } = ingress();
    expect(await post('{"eventType":"inboundSystem"}')).toEqual({
      status: 200,
      body: { status: 'ignored', reason: 'event-type' },
    });
    expect(queue.messages).toEqual([]);
    expect(observe.counted('ignored')).toBe(1);
  });

  it('is ignored for the control group', async () => {
    const { postEvent, queue } = ingress();
    expect(await postEvent({ isControlGroup: true })).toEqual({
      status: 200,
      body: { status: 'ignored', reason: 'control-group' },
    });
    expect(queue.messages).toEqual([]);
  });

  it('is discarded when it is older than event_ttl', async () => {
    const { postEvent, queue, observe } = ingress();
    const at = (age: number) => postEvent({ generatedTimestamp: BUILT_AT - age });
    expect((await at(TTL * SECOND)).status).toBe(202);
    expect(await at(TTL * SECOND + 1)).toEqual({
      status: 200,
      body: { status: 'discarded', reason: 'stale' },
    });
    expect(queue.messages).toHaveLength(1);
    expect(observe.counted('discarded')).toBe(1);
  });

  it('is never too old with an event_ttl of 0', async () => {
    const { postEvent } = ingress({ event_ttl: 0 });
    expect((await postEvent({ generatedTimestamp: BUILT_AT - 900 * DAY })).status).toBe(202);
  });
});

describe('what operators see of a tenant', () => {
  const stale = { generatedTimestamp: BUILT_AT - DAY };
  const unsendable = { creative: 'TO:nobody;Hi' };

  it('is each event that was refused or discarded, under its name in the metric and the log', async () => {
    const { postEvent, observe } = ingress();
    await postEvent(stale);
    await postEvent(unsendable);
    await postEvent({ guid: '' });

    expect(observe.counts.filter(({ metric }) => metric === 'tenant_refusals')).toEqual(
      Array(3).fill({
        metric: 'tenant_refusals',
        dimensions: { tenantId: 'tenant-a' },
        value: 1,
      }),
    );
    // As warnings, so that they are in the log with log_level WARN too.
    expect(observe.lines).toMatchObject([
      { level: 'warn', message: 'discarded', fields: { tenantId: 'tenant-a', code: 'stale' } },
      { level: 'warn', message: 'refused', fields: { tenantId: 'tenant-a', status: 422 } },
      { level: 'warn', message: 'refused', fields: { tenantId: 'tenant-a', status: 422 } },
    ]);
  });

  it('is weighed against the events that were accepted', async () => {
    const { postEvent, observe } = ingress();
    for (let i = 0; i < 4; i += 1) await postEvent();
    await postEvent(unsendable);
    expect(observe.counted('tenant_refusals')).toBe(0);
  });

  it('cannot be brought about with the key of another tenant, or with none', async () => {
    const { postEvent, observe } = ingress();
    await postEvent({ tenantId: 'tenant-b', ...unsendable });
    await postEvent({ tenantId: 'tenant-b', guid: '' });
    await postEvent(unsendable, { headers: {} });
    expect(observe.counts.filter(({ dimensions }) => 'tenantId' in dimensions)).toEqual([]);
  });
});

describe('a caller', () => {
  it.each([
    ['without a key', {}],
    ['with a wrong key', { 'x-api-key': 'not-a-key-of-ours' }],
  ])('%s is answered 401, whatever it posts', async (_name, headers) => {
    const { post, queue, observe } = ingress();
    const answer = await post('not even JSON', { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers).toHaveProperty('www-authenticate');
    expect(errorOf(answer.body).code).toBe('UNAUTHORIZED');
    expect(queue.messages).toEqual([]);
    expect(observe.counted('unauthorized')).toBe(1);
  });

  it('with the key of another tenant is answered 403', async () => {
    const { postEvent, queue } = ingress();
    const answer = await postEvent({ tenantId: 'tenant-b' });
    expect(answer.status).toBe(403);
    expect(errorOf(answer.body).code).toBe('FORBIDDEN');
    expect(queue.messages).toEqual([]);
  });

  it('is named on the log line of what it posted and on the message, with its address', async () => {
    const { post, queue, observe } = ingress();
    const headers = { 'x-api-key': CONNECTOR_KEY, 'x-ci360-con-inv-trace-id': 'trace-0a1b:2' };
    const body = JSON.stringify(anOutboundEvent());
    expect((await post(body, { headers, sourceIp: '192.0.2.7' })).status).toBe(202);
    expect(observe.lines.at(-1)).toMatchObject({
      message: 'accepted',
      fields: { caller: 'ci360', source: '192.0.2.7', traceId: 'trace-0a1b:2' },
    });
    expect(queue.messages).toMatchObject([{ request: { caller: 'ci360' } }]);
  });

  it('whose key is good for another tenant is named in the log', async () => {
    const { postEvent, observe } = ingress();
    await postEvent({ tenantId: 'tenant-b' });
    expect(observe.lines.at(-1)).toMatchObject({
      level: 'warn',
      fields: { caller: 'ci360', status: 403, tenantId: 'tenant-b' },
    });
  });

  it.each([['x'.repeat(129)], ['two words'], ['<script>'], ['']])(
    'has no trace id logged that has not the shape of one: %j',
    async (trace) => {
      const { post, observe } = ingress();
      const headers = { 'x-api-key': CONNECTOR_KEY, 'x-ci360-con-inv-trace-id': trace };
      await post(JSON.stringify(anOutboundEvent()), { headers });
      expect(observe.lines.at(-1)?.message).toBe('accepted');
      expect(observe.lines.at(-1)?.fields).not.toHaveProperty('traceId');
    },
  );

  it('whose key names a tenant without a secret is told at once', async () => {
    const { postEvent, queue } = ingress();
    const answer = await postEvent({ tenantId: 'tenant-without-secret' });
    expect(answer.status).toBe(422);
    expect(errorOf(answer.body).details).toEqual([
      { field: 'externalTenantId', issue: 'is not a tenant of this service' },
    ]);
    expect(queue.messages).toEqual([]);
  });

  it('with a key for all tenants is left to the worker', async () => {
    const { postEvent, queue } = ingress();
    const headers = { authorization: `Bearer ${ALL_TENANTS_KEY}` };
    expect((await postEvent({ tenantId: 'tenant-b' }, { headers })).status).toBe(202);
    expect(queue.messages).toHaveLength(1);
  });

  it('is not held up by a secret store that is down', async () => {
    const { postEvent, secrets } = ingress();
    secrets.outage.begin();
    expect((await postEvent({ tenantId: 'tenant-without-secret' })).status).toBe(202);
  });
});

describe('an event that cannot be sent', () => {
  it.each(['', ' ', 'no', '{', '"text"', '[]', 'null', '42', '\u0000'])(
    'is answered 400 when it is %j',
    async (body) => {
      const { post } = ingress();
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(errorOf(answer.body).code).toBe('MALFORMED_JSON');
    },
  );

  it('is answered 413 above 256 KB, counted in bytes', async () => {
    const { post } = ingress();
    const filled = (bytes: number) => {
      const event = JSON.stringify({ ...anOutboundEvent(), filler: '' });
      return JSON.stringify({
        ...anOutboundEvent(),
        filler: 'é'.repeat((bytes - Buffer.byteLength(event)) / 2),
      });
    };
    const even = Buffer.byteLength(filled(MAX_EVENT_BYTES));
    expect((await post(filled(MAX_EVENT_BYTES))).status).toBe(202);
    expect(even).toBeGreaterThan(MAX_EVENT_BYTES - 2);
    const answer = await post(filled(MAX_EVENT_BYTES + 2));
    expect(answer.status).toBe(413);
    expect(errorOf(answer.body).code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('is answered 413 when the queue can never hold it', async () => {
    const accept = acceptEvent({
      authenticate: async () => ({ name: 'ci360', tenants: '*' }),
      tenants: fakeTenantSecrets(),
      queue: fakeOutboundQueue({ maxBytes: 100 }),
      settings: { event_ttl: 0, ...senderSettings() },
      prepare,
      clock: fakeClock(),
      observe: fakeObserve(),
    });
    const answer = await accept(anHttpRequest({ body: JSON.stringify(anOutboundEvent()) }));
    expect(answer.status).toBe(413);
  });

  it('is answered 422 with every missing field', async () => {
    const { post, observe } = ingress();
    const answer = await post('{"eventType":"outboundSystem"}');
    expect(answer.status).toBe(422);
    expect(errorOf(answer.body).details.map(({ field }) => field)).toEqual([
      'guid',
      'externalTenantId',
      'identityId',
      'date.generatedTimestamp',
      'impression.creativeContent',
    ]);
    expect(observe.counted('refused')).toBe(1);
  });

  it('is answered 422 with the field, the reason, and a masked number', async () => {
    const { postEvent, observe } = ingress();
    const answer = await postEvent({ creative: 'TO:+120255501239999999;Hi' });
    expect(answer.status).toBe(422);
    expect(errorOf(answer.body).details).toEqual([
      { field: 'TO', issue: '…99 is not a telephone number that SMS can reach' },
    ]);
    expect(JSON.stringify(observe.lines)).not.toContain('2025550123');
  });

  it('leaves the caller to try again when the queue is down', async () => {
    const { postEvent, queue } = ingress();
    queue.outage.begin();
    await expect(postEvent()).rejects.toThrow(Unavailable);
    expect(queue.messages).toEqual([]);
  });

  it('is answered 404 on another route', async () => {
    const { postEvent } = ingress();
    expect((await postEvent({}, { path: '/pigeon/messages' })).status).toBe(404);
  });
});

it('Any body gets an answer below 500, and only a 202 puts something on the queue', async () => {
  const anything = fc.anything();
  const event = fc
    .record({
      guid: anything,
      tenantId: fc.oneof(fc.constant('tenant-a'), anything),
      identityId: anything,
      generatedTimestamp: fc.oneof(fc.constant(BUILT_AT), anything),
      creative: fc.oneof(
        fc.constant('TO:+12025550123;Hi'),
        fc.string({ unit: 'binary' }).map((body) => `TO:+12025550123;${body}`),
        anything,
      ),
      properties: anything,
    })
    .map((overrides) => anOutboundEvent(overrides));
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    // A value that JSON cannot hold, such as a BigInt, is not something that arrives.
    event.map((of) => {
      try {
        return JSON.stringify(of);
      } catch {
        return '{}';
      }
    }),
  );
  await fc.assert(
    fc.asyncProperty(body, async (given) => {
      const { post, queue } = ingress();
      const answer = await post(given);
      expect(answer.status).toBeLessThan(500);
      expect(queue.messages).toHaveLength(answer.status === 202 ? 1 : 0);
      for (const { request } of queue.messages) messageRequestSchema.parse(request);
    }),
  );
});
