import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Behaviour, recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { startReceiver } from './receiver.ts';

const secret = simulatorSecret('http://127.0.0.1');
const token = secret.scg_access_token ?? '';
const from = 'sender_id:sender-1';
const to = recipient('delivered', 0);
const externalId = 'identity-1|TSK_1|local-tenant|guid-1';

let simulators: Simulators;
let connector: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  connector = await startReceiver();
  simulators = await startSimulators({
    connectorUrl: connector.url,
    latencyMs: 0,
    timings: { stepMs: 1, lateMs: 5 },
  });
});
afterEach(async () => {
  await simulators.close();
  await connector.close();
});

const call = async (method: string, path: string, body?: unknown, bearer = token) => {
  const response = await fetch(`${simulators.url}/scg${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : undefined };
};
const api = '/scg-external-api/api/v1/messaging';
const get = (path: string) => call('GET', `${api}/${path}`);
const send = (request: Record<string, unknown> = {}) =>
  call('POST', `${api}/message_requests`, {
    from,
    to: [to],
    body: 'Hi',
    external_id: externalId,
    ...request,
  });
const events = () => connector.received.map(({ body }) => JSON.parse(body));
const states = () => events().map(({ event }) => event['fld-val-list'].new_state);

test('a request is answered 200 with an id of 22 characters, with or without a last slash', async () => {
  expect(await send()).toEqual({
    status: 200,
    json: { id: expect.stringMatching(/^[\w-]{22}$/) },
  });
  const body = { from, to: [to], body: 'Hi' };
  expect((await call('POST', `${api}/message_requests/`, body)).status).toBe(200);
  expect((await call('POST', '/messaging/message_requests', body)).status).toBe(200);
});

test('it is told of every state in the envelope of the event service, with Basic credentials', async () => {
  const { json } = await send();
  await connector.waitForCount(3);
  expect(states()).toEqual(['CREATED', 'SENT', 'DELIVERED']);
  const [, sent] = events();
  expect(sent).toMatchObject({
    topic: 'SCG-Message',
    attempt: 1,
    'event-id': expect.stringMatching(/^[\w-]{22}$/),
    event: {
      'evt-tp': 'message_state_change',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      'fld-val-list': {
        previous_state: 'CREATED',
        message_request_id: json.id,
        external_message_request_id: externalId,
        to_address: to,
        sender_id_id: 'sender-1',
        reason_code: '200',
        reason_description: 'SUCCESS',
      },
    },
  });
  const credentials = `${secret.scg_webhook_username}:${secret.scg_webhook_password}`;
  expect(connector.received[0]?.headers.authorization).toBe(`Basic ${btoa(credentials)}`);
  expect(connector.received[0]?.path).toBe('/webhooks/scg/local-tenant');
  expect(new Set(events().map((event) => event['event-id'])).size).toBe(3);
});

test('an event that is not taken comes again as the same event, counting its attempts', async () => {
  connector.answerWith({ status: 503 }, { status: 500 });
  await send();
  await connector.waitForCount(5);
  const [first, second, third, fourth] = events();
  expect([first.attempt, second.attempt, third.attempt, fourth.attempt]).toEqual([1, 2, 3, 1]);
  expect(second['event-id']).toBe(first['event-id']);
  expect(fourth['event-id']).not.toBe(first['event-id']);
});

test.each([
  ['twice', ['CREATED', 'CREATED', 'SENT', 'SENT', 'DELIVERED', 'DELIVERED']],
  ['reversed', ['DELIVERED', 'SENT', 'CREATED']],
  ['never', []],
] as const)('events can come %s', async (callbacks, expected) => {
  simulators.setFault('scg', { callbacks });
  await send();
  await simulators.idle();
  expect(states()).toEqual(expected);
  expect(simulators.scg.messages()).toMatchObject([{ state: 'DELIVERED' }]);
});

test('requests are found by external id', async () => {
  const { json } = await send();
  await send({ external_id: 'identity-2|TSK_1|local-tenant|guid-2' });
  const query = new URLSearchParams({ external_id: externalId });
  const list = await call('GET', `${api}/message_requests?${query}`);
  expect(list).toMatchObject({
    status: 200,
    json: { total: 1, offset: 0, list: [{ id: json.id, external_id: externalId, to: [to] }] },
  });
});

test('the filter by external id can be ignored, as another release may do', async () => {
  simulators.setFault('scg', { externalIdFilter: false });
  await send();
  await send({ external_id: 'other' });
  const query = new URLSearchParams({ external_id: externalId, limit: '1', offset: '1' });
  const { json } = await call('GET', `${api}/message_requests?${query}`);
  expect(json).toMatchObject({ total: 2, limit: 1, offset: 1 });
  expect(json.list).toHaveLength(1);
});

test('requests are found by recipient and date', async () => {
  await send();
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const find = async (number: string, range: string) => {
    const query = new URLSearchParams({ to: number, created_date: range });
    return (await call('GET', `${api}/message_requests?${query}`)).json.total;
  };
  expect(await find(to, `[${at(-60_000)},${at(60_000)}]`)).toBe(1);
  expect(await find(to.slice(1), `[${at(-60_000)},]`)).toBe(1);
  expect(await find(to, `[${at(60_000)},${at(120_000)}]`)).toBe(0);
  expect(await find(recipient('delivered', 1), `[${at(-60_000)},]`)).toBe(0);
});

test('a request and its messages can be fetched', async () => {
  const { json } = await send();
  await simulators.idle();
  const path = `${api}/message_requests/${json.id}`;
  expect((await call('GET', path)).json).toMatchObject({
    state: 'COMPLETED',
    delivered_count: 1,
    recipient_count: 1,
  });
  const { list } = (await call('GET', `${path}/messages`)).json;
  expect(list).toMatchObject([{ state: 'DELIVERED', to_address: to, message_request_id: json.id }]);
  expect((await call('GET', `${api}/messages/${list[0].id}`)).json).toMatchObject({
    direction: 'MT',
  });
  expect((await call('GET', `${api}/message_requests/none`)).status).toBe(404);
});

test.each([
  ['not JSON', '{', 400, 4001],
  ['no recipient', { from, body: 'x' }, 400, 4002],
  ['media_urls as a text', { from, to: [to], media_urls: 'https://example.com/a' }, 400, 4003],
  ['to as a text', { from, to, body: 'x' }, 400, 4003],
  ['nothing to say', { from, to: [to] }, 400, 4002],
  ['no number', { from, to: ['nobody'], body: 'x' }, 400, 40024],
  ['a strange sender', { from: 'a b c', to: [to], body: 'x' }, 400, 40018],
  [
    'a Messaging Service of Twilio’s',
    { from: `MG${'a'.repeat(32)}`, to: [to], body: 'x' },
    400,
    40018,
  ],
  ['an unknown field', { from: 'sender_id:one', to: [to], body: 'x', sender: 'y' }, 400, 40020],
  [
    'media that are no web address',
    { from: 'sender_id:one', to: [to], media_urls: ['a.png'] },
    400,
    4003,
  ],
])('%s is refused', async (_, body, status, code) => {
  const answer = await call('POST', `${api}/message_requests`, body);
  expect(answer).toMatchObject({ status, json: { error_code: `SCG_ERROR_${code}` } });
  expect(simulators.scg.messages()).toEqual([]);
});

test('a wrong token is 401, an expired one 404 with SCG_ERROR_4046', async () => {
  const list = `${api}/message_requests`;
  expect(await call('GET', list, undefined, 'wrong')).toMatchObject({
    status: 401,
    json: { error_code: 'SCG_ERROR_4010' },
  });
  simulators.scg.expireToken(token);
  expect(await call('GET', list)).toMatchObject({
    status: 404,
    json: { error_code: 'SCG_ERROR_4046' },
  });
});

test('a refreshed token takes the place of the old one at once', async () => {
  const query = `consumerkey=k&consumersecret=s&oldtoken=${token}&validity=0`;
  const { json } = await call('GET', `/saop-rest-data/v1/apptoken-refresh?${query}`);
  expect((await send()).status).toBe(404);
  expect((await call('GET', `${api}/message_requests`, undefined, json.accessToken)).status).toBe(
    200,
  );
});

test.each<[Behaviour, string, string]>([
  ['opted-out', 'FAILED', '1005'],
  ['landline', 'FAILED', '1002'],
  ['unreachable', 'FAILED', '1009'],
  ['filtered', 'FAILED', '1004'],
  ['clicks', 'CONVERTED', '200'],
])('a recipient who is "%s" ends %s with %s', async (behaviour, state, reason) => {
  await send({ to: [recipient(behaviour, 0)] });
  await simulators.idle();
  expect(events().at(-1)?.event['fld-val-list']).toMatchObject({
    new_state: state,
    reason_code: reason,
  });
});

test('a WhatsApp message can be read, an SMS cannot', async () => {
  await send({ to: [`wa:${recipient('reads', 0)}`] });
  await simulators.idle();
  expect(states().at(-1)).toBe('READ');
  await send({ to: [recipient('reads', 0)] });
  await simulators.idle();
  expect(states().at(-1)).toBe('DELIVERED');
});

test.each<[Behaviour, number, string]>([
  ['invalid', 400, 'SCG_ERROR_40024'],
  ['throttled-once', 429, 'SCG_ERROR_429'],
  ['unavailable-once', 503, 'SCG_ERROR_5030'],
])('a recipient who is "%s" is answered %i', async (behaviour, status, code) => {
  const answer = await send({ to: [recipient(behaviour, 0)] });
  expect(answer).toMatchObject({ status, json: { error_code: code } });
  expect(simulators.scg.messages()).toEqual([]);
});

test('a message answered 500 was accepted and is found', async () => {
  const number = recipient('accepted-then-500', 0);
  expect((await send({ to: [number] })).status).toBe(500);
  const query = new URLSearchParams({ external_id: externalId });
  expect((await call('GET', `${api}/message_requests?${query}`)).json.total).toBe(1);
  expect((await send({ to: [number] })).status).toBe(200);
  expect(simulators.scg.messages()).toHaveLength(2);
});

test('a customer answers, without the prefix of the channel', async () => {
  const result = await simulators.scg.reply({ from: `wa:${to}`, to: from, body: 'Yes' });
  expect(result.status).toBe(204);
  expect(events()).toMatchObject([
    {
      event: {
        'evt-tp': 'mo_message_received',
        'fld-val-list': {
          from_address: to,
          sender_id_id: 'sender-1',
          message_body: 'Yes',
          message_id: result.messageId,
        },
      },
    },
  ]);
});

test('a reply can come as a bare list of fields', async () => {
  await simulators.scg.reply({ from: to, to: from, body: 'Yes', flat: true });
  expect(events()[0]).toMatchObject({ message_body: 'Yes', from_address: to });
});

test('events can leave out the external id', async () => {
  simulators.setFault('scg', { externalIdInEvents: false });
  await send();
  await connector.waitForCount(3);
  expect(events()[0].event['fld-val-list'].external_message_request_id).toBe('');
});

test('after STOP nothing more is delivered from this sender, until START', async () => {
  await simulators.scg.reply({ from: to, to: from, body: 'STOP' });
  await send();
  await simulators.idle();
  expect(simulators.scg.messages().at(-1)).toMatchObject({ state: 'FAILED', failureCode: '1005' });
  await send({ from: 'sender_id:sender-2' });
  await simulators.idle();
  expect(simulators.scg.messages().at(-1)).toMatchObject({ state: 'DELIVERED' });
  await simulators.scg.reply({ from: to, to: from, body: 'START' });
  await send();
  await simulators.idle();
  expect(simulators.scg.messages().at(-1)).toMatchObject({ state: 'DELIVERED' });
});

test.each([
  'message_requests?externalid=x',
  'message_requests?created=2026',
  'messages?external_id=x',
])('a list refuses a parameter that it does not know: %s', async (path) => {
  const answer = await get(path);
  expect(answer).toMatchObject({ status: 400, json: { error_code: 'SCG_ERROR_4004' } });
});

test('a request that is rejected has no message and no event', async () => {
  const { json } = await send({ to: [recipient('rejected-later', 0)] });
  await simulators.idle();
  expect(await get(`message_requests/${json.id}`)).toMatchObject({
    status: 200,
    json: { state: 'REJECTED', failure_code: 'OTHER', recipient_count: 0 },
  });
  expect(await get(`message_requests/${json.id}/messages`)).toMatchObject({ json: { list: [] } });
  expect(await get('message_requests?state=REJECTED')).toMatchObject({ json: { total: 1 } });
  expect(connector.received).toEqual([]);
});

test('messages of a request that is not there, or is another’s, are not found', async () => {
  expect(await get('message_requests/nothing/messages')).toMatchObject({
    status: 404,
    json: { error_code: 'SCG_ERROR_4040' },
  });
});
