import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../../domain/unavailable.ts';
import { toScgExternalId } from '../../../../providers/scg/reference.ts';
import { answering } from '../../../builders/answering.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { aMessageRequest } from '../../../builders/message-request.ts';
import { type ScgEventsDeps, scgEvents as scgEventsRoute } from '../../../builders/webhooks.ts';
import { fakeAnswerLog } from '../../../fakes/answer-log.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeEventQueue } from '../../../fakes/event-queue.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { fakeOutboundQueue } from '../../../fakes/outbound-queue.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const scgEvents = answering(scgEventsRoute);

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
const authorization = basic('scg-user:scg-password-for-tests');
const request = aMessageRequest({ tenantId: 'tenant-a', provider: 'scg' });
const externalId = toScgExternalId(request);

function setUp(settings: Partial<ScgEventsDeps> = {}) {
  const secrets = fakeTenantSecrets({
    'tenant-a': aTenantSecret(),
    'tenant-b': aTenantSecret({ scg_webhook_password: 'password-of-tenant-b' }),
    'tenant-open': aTenantSecret({
      scg_webhook_username: undefined,
      scg_webhook_password: undefined,
    }),
  });
  const queue = fakeEventQueue();
  const observe = fakeObserve();
  const deps: ScgEventsDeps = {
    secrets,
    same: (a, b) => a === b,
    queue,
    defaultTenantId: undefined,
    optOuts: fakeOptOuts(),
    phrases: 'stop',
    limit: () => new AbortController().signal,
    answers: fakeAnswerLog(),
    answerWindowSeconds: 86_400,
    ownSenders: [],
    outbound: fakeOutboundQueue(),
    channelsBySender: { 'sender-wa': 'WHATSAPP' },
    uppercaseReplies: false,
    clock: fakeClock(),
    observe,
    ...settings,
  };
  const post = (
    body: unknown,
    { tenantId = 'tenant-a', ...headers }: { tenantId?: string; authorization?: string } = {},
  ) =>
    scgEvents(
      anHttpRequest({
        params: tenantId === '' ? {} : { tenantId },
        headers: { authorization, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
      deps,
    );
  return { deps, post, queue, observe, secrets };
}

const statusFields = {
  previous_state: 'QUEUED',
  message_request_id: 'QlrNeo2cxytluN4mwejKd7',
  message_id: 'msg-1',
  to_address: '+12025550123',
  has_attachment: false,
  reason_description: 'SUCCESS',
  reason_code: '200',
  'company-id': 1063,
  sender_id_id: 'Vk0XyVo8AkoSbScfERWwc4',
  external_message_request_id: externalId,
  new_state: 'DELIVERED',
  from_address: '28776',
};
const status = (fields: object = {}, envelope: object = { 'event-id': 'event-1' }) => ({
  topic: 'SCG-Message',
  attempt: 1,
  event: {
    'evt-tp': 'message_state_change',
    timestamp: '2026-03-02T09:00:00.000Z',
    'fld-val-list': { ...statusFields, ...fields },
  },
  ...envelope,
});
const replyFields = {
  message_id: 'mo-1',
  from_address: '+12025550123',
  to_address: '28776',
  message_body: 'Grüße 😀',
  sender_id_id: 'sender-wa',
};
const reply = (fields: object = {}) => ({
  topic: 'SCG-Message',
  attempt: '1',
  event: { 'evt-tp': 'mo_message_received', 'fld-val-list': { ...replyFields, ...fields } },
  event_id: 'event-2',
});

describe("SCG's status event", () => {
  it('is put on the queue with everything that the event needs', async () => {
    const { deps, post, queue, observe } = setUp();
    expect(await post(status())).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(queue.requests).toEqual([
      {
        v: 1,
        kind: 'status',
        key: 'scg:QlrNeo2cxytluN4mwejKd7:DELIVERED',
        tenantId: 'tenant-a',
        provider: 'scg',
        channel: 'SMS',
        providerMessageId: 'QlrNeo2cxytluN4mwejKd7',
        receivedAt: deps.clock(),
        word: 'DELIVERED',
        guid: request.guid,
        identityId: request.identityId,
        externalCode: request.externalCode,
        responseTrackingCode: '',
        address: '+12025550123',
      },
    ]);
    expect(observe.counted('status_update')).toBe(1);
  });

  it.each(['1005', 1005])('carries the reason of a failure (%j)', async (reason_code) => {
    const { post, queue } = setUp();
    await post(status({ new_state: 'FAILED', reason_code, reason_description: 'No consent' }));
    expect(queue.requests).toMatchObject([
      { word: 'FAILED', errorCode: '1005', errorText: 'No consent' },
    ]);
  });

  it.each([
    ['identity-9|TSK_9', 'tenant-a', 'scg-QlrNeo2cxytluN4mwejKd7'],
    ['identity-9|TSK_9|tenant-a', '', 'scg-QlrNeo2cxytluN4mwejKd7'],
    ['identity-9|TSK_9|tenant-a|guid-9', '', 'guid-9'],
    ['identity-9|A|B|tenant-a|guid-9', '', 'guid-9', 'A|B'],
  ])(
    'of a message known as %s is reported as well',
    async (id, tenantId, guid, externalCode = 'TSK_9') => {
      const { post, queue } = setUp();
      const answer = await post(status({ external_message_request_id: id }), { tenantId });
      expect(answer.status).toBe(200);
      expect(queue.requests).toMatchObject([
        { tenantId: 'tenant-a', identityId: 'identity-9', externalCode, guid },
      ]);
    },
  );

  it.each([
    ['no external id', { external_message_request_id: '' }, 'uncorrelated'],
    ['a foreign one', { external_message_request_id: 'order-77' }, 'uncorrelated'],
    ['an impossible guid', { external_message_request_id: 'a|b|tenant-a|#' }, 'uncorrelated'],
    ['a state that nobody knows', { new_state: 'TELEPORTED' }, 'unmapped'],
  ])('with %s is acknowledged, counted and dropped', async (_what, fields, metric) => {
    const { post, queue, observe } = setUp();
    expect((await post(status(fields))).status).toBe(200);
    expect(queue.requests).toEqual([]);
    expect(observe.counts.map((one) => one.metric)).toEqual([metric]);
  });

  it('of another type is acknowledged and counted', async () => {
    const { post, observe } = setUp();
    const other = { event: { 'evt-tp': 'sender_id_state_change', 'fld-val-list': {} } };
    expect(await post(other)).toMatchObject({ status: 200, body: { status: 'ignored' } });
    expect(observe.counted('unmapped')).toBe(1);
  });
});

describe("SCG's inbound event", () => {
  it('is put on the queue with its channel, which only the sender tells', async () => {
    const { deps, post, queue } = setUp();
    expect((await post(reply())).status).toBe(200);
    expect(queue.requests).toEqual([
      {
        v: 1,
        kind: 'reply',
        key: 'scg:mo-1:reply',
        tenantId: 'tenant-a',
        tenantFrom: 'route',
        provider: 'scg',
        channel: 'WHATSAPP',
        providerMessageId: 'mo-1',
        receivedAt: deps.clock(),
        from: '+12025550123',
        to: '28776',
        body: 'Grüße 😀',
        attributes: {},
      },
    ]);
  });

  it.each([
    ['12025550123', '+12025550123'],
    ['wa:+12025550123', '+12025550123'],
    ['28776', '28776'],
    ['wechat-id-7', 'wechat-id-7'],
  ])('from %s is from %s', async (from_address, from) => {
    const { post, queue } = setUp();
    await post(reply({ from_address }));
    expect(queue.requests).toMatchObject([{ from }]);
  });

  it.each([
    ['12345678901', '12345678901'],
    ['fb:12345678901@page', '12345678901@page'],
  ])('by Messenger from %s is from an id, which is no number', async (from_address, from) => {
    const { post, queue } = setUp({ channelsBySender: { 'sender-wa': 'FACEBOOK' } });
    await post(reply({ from_address }));
    expect(queue.requests).toMatchObject([{ from }]);
  });

  it.each([
    ['of no known channel', 'sender-unknown', '123456789012345', '123456789012345'],
    ['of WhatsApp', 'sender-wa', '123456789012345', '+123456789012345'],
    ['of no known channel', 'sender-unknown', '12345678901234', '+12345678901234'],
  ])(
    '%s through %s from %s is from %s: an id of Messenger is no number',
    async (_, sender_id_id, from_address, from) => {
      const { post, queue } = setUp();
      await post(reply({ from_address, sender_id_id }));
      expect(queue.requests).toMatchObject([{ from }]);
    },
  );

  it('is of the channel that its address names, also where no sender is set up for it', async () => {
    const { post, queue } = setUp({ channelsBySender: {} });
    await post(reply({ from_address: 'fb:1234567890' }));
    expect(queue.requests).toMatchObject([{ channel: 'FACEBOOK', from: '1234567890' }]);
  });

  it('may come without its envelope', async () => {
    const { post, queue } = setUp();
    await post(replyFields);
    expect(queue.requests).toMatchObject([{ kind: 'reply', body: 'Grüße 😀' }]);
  });

  it("is the default tenant's where the route names none", async () => {
    const { post, queue } = setUp({ defaultTenantId: 'tenant-a' });
    await post(reply(), { tenantId: '' });
    expect(queue.requests).toMatchObject([{ tenantId: 'tenant-a', tenantFrom: 'default' }]);
  });

  it.each([
    ['{"postbackData":"yes","text":"Yes"}', 'yes'],
    ['{"text":"Yes"}', '{"text":"Yes"}'],
    ['123', '123'],
    ['true', 'true'],
    ['null', 'null'],
    ['["postbackData"]', '["postbackData"]'],
    ['{broken', '{broken'],
  ])('that says %s is reported as %s', async (message_body, body) => {
    const { post, queue } = setUp();
    await post(reply({ message_body }));
    expect(queue.requests).toMatchObject([{ body }]);
  });

  it('is put into capitals when asked for', async () => {
    const { post, queue } = setUp({ uppercaseReplies: true });
    await post(reply());
    expect(queue.requests).toMatchObject([{ body: 'GRÜSSE 😀' }]);
  });

  it('keeps the case of a postback, which a program compares, also where replies are put into capitals', async () => {
    const { post, queue } = setUp({ uppercaseReplies: true });
    await post(reply({ message_body: '{"postbackData":"confirm_Order-7a","text":"Yes"}' }));
    expect(queue.requests).toMatchObject([{ body: 'confirm_Order-7a' }]);
  });

  it('that says Yes does not opt in: nobody asked', async () => {
    const { post, queue } = setUp();
    await post(reply({ message_body: 'Yes' }));
    expect(queue.requests[0]).not.toHaveProperty('optOut');
  });

  it('that says STOP opts out', async () => {
    const { post, queue } = setUp();
    await post(reply({ message_body: 'Stop' }));
    expect(queue.requests).toMatchObject([{ optOut: 'STOP' }]);
  });
});

describe('the door', () => {
  it.each([
    ['another password', { authorization: basic('scg-user:wrong') }],
    ['another user', { authorization: basic('other:scg-password-for-tests') }],
    ["another tenant's password", { authorization: basic('scg-user:password-of-tenant-b') }],
    ['no credentials', { authorization: '' }],
    ['nonsense', { authorization: 'Digest x' }],
    ['a token where there is none', { authorization: 'Bearer ' }],
    [
      'credentials, where the secret has none',
      { tenantId: 'tenant-open', authorization: basic(':') },
    ],
    ['an undefined user', { tenantId: 'tenant-open', authorization: basic('undefined:undefined') }],
  ])('stays shut for %s', async (_what, given) => {
    const { post, queue, observe } = setUp();
    expect((await post(reply(), given)).status).toBe(401);
    expect(queue.requests).toEqual([]);
    expect(observe.counted('forged')).toBe(1);
  });

  it('opens for Bearer', async () => {
    const { post, queue, secrets } = setUp();
    secrets.put('tenant-a', { kind: 'found', secret: aTenantSecret({ scg_webhook_token: 'tok' }) });
    expect((await post(reply(), { authorization: 'Bearer tok' })).status).toBe(200);
    expect(queue.requests).toHaveLength(1);
  });

  it('opens for a password that was changed a moment ago', async () => {
    const { post, secrets } = setUp();
    secrets.put('tenant-a', {
      kind: 'found',
      secret: aTenantSecret({ scg_webhook_password: 'changed' }),
    });
    expect((await post(reply(), { authorization: basic('scg-user:changed') })).status).toBe(200);
    expect(secrets.refreshes).toEqual(['tenant-a']);
  });

  it('stays shut for a status of another tenant', async () => {
    const { post, queue } = setUp();
    const foreign = status({ external_message_request_id: 'id|code|tenant-b|guid' });
    expect((await post(foreign)).status).toBe(401);
    expect((await post(foreign, { tenantId: '' })).status).toBe(401);
    expect(queue.requests).toEqual([]);
  });

  it('takes no sender and no error code that a table could not hold', async () => {
    const { post, queue } = setUp();
    const from_address = '+1'.padEnd(3000, '2');
    expect((await post(reply({ from_address }))).body).toEqual({ status: 'ignored' });
    await post(status({ new_state: 'FAILED', reason_code: 'x'.repeat(41), to_address: '\n' }));
    expect(queue.requests).toHaveLength(1);
    expect(queue.requests[0]).not.toHaveProperty('errorCode');
    expect(queue.requests[0]).not.toHaveProperty('address');
  });

  it('gives an unknown tenant the answer of wrong credentials', async () => {
    const { post } = setUp();
    const unknown = await post(reply(), { tenantId: 'tenant-x' });
    expect(unknown.status).toBe(401);
    expect(await post(reply(), { tenantId: 'tenant-a', authorization: 'Basic eDp5' })).toEqual(
      unknown,
    );
    expect((await post(reply(), { tenantId: '' })).status).toBe(401);
  });

  it.each([
    '',
    'no json',
    '[]',
    'null',
    '7',
    '{}',
    '{"event":{}}',
    '{"event":{"evt-tp":"message_state_change","fld-val-list":{}}}',
    '{"event":{"evt-tp":"mo_message_received","fld-val-list":{"message_body":{}}}}',
    '{"message_body":"x"}',
    `{"message_body":"${'x'.repeat(200_000)}"}`,
  ])('turns away what cannot be read: %#', async (body) => {
    const { post, queue } = setUp();
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { details: [{ field: 'body' }] } });
    expect(queue.requests).toEqual([]);
  });

  it('asks Syniverse to come back while the queue is away', async () => {
    const { post, queue } = setUp();
    queue.outage.begin(1);
    await expect(post(reply())).rejects.toBeInstanceOf(Unavailable);
  });
});
