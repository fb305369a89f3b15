import twilio from 'twilio';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Behaviour, recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { startReceiver } from './receiver.ts';

const secret = simulatorSecret('http://127.0.0.1');
const accountSid = secret.twilio_account_sid ?? '';
const authToken = secret.twilio_auth_token ?? '';
const from = '+12025550100';
const to = recipient('delivered', 0);

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

/** Twilio's own client, sent to the simulator. */
function client(token = authToken) {
  const requests = new twilio.RequestClient();
  return twilio(accountSid, token, {
    httpClient: {
      request: (options: Parameters<typeof requests.request>[0]) =>
        requests.request({
          ...options,
          uri: options.uri.replace('https://api.twilio.com', `${simulators.url}/twilio`),
        }),
    } as twilio.RequestClient,
  });
}

const post = (form: Record<string, string> | [string, string][]) =>
  fetch(`${simulators.url}/twilio/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    body: new URLSearchParams(form),
  });

const callback = () => `${connector.url}/webhooks/twilio/local-tenant/status?guid=g-1#rc=5&rp=all`;

test("Twilio's own client creates, fetches and lists messages", async () => {
  const created = await client().messages.create({ to, from, body: 'Hello 👍' });
  expect(created).toMatchObject({
    status: 'queued',
    numMedia: '0',
    numSegments: '1',
    direction: 'outbound-api',
    body: 'Hello 👍',
    dateSent: null,
    errorCode: null,
  });
  expect(created.sid).toMatch(/^SM[0-9a-f]{32}$/);
  expect(created.dateCreated).toBeInstanceOf(Date);
  await simulators.idle();
  expect(await client().messages(created.sid).fetch()).toMatchObject({ status: 'delivered' });
  expect(await client().messages.list({ to, from })).toHaveLength(1);
});

test('a list is filtered by recipient, sender and date, and comes in pages', async () => {
  for (const n of [1, 2, 3, 4, 5]) await client().messages.create({ to, from, body: `no ${n}` });
  await client().messages.create({ to, from: '+12025550101', body: 'other sender' });
  await client().messages.create({ to: recipient('delivered', 1), from, body: 'other' });

  const found = await client().messages.list({ to, from, pageSize: 2 });
  expect(found.map(({ body }) => body).toSorted()).toEqual([
    'no 1',
    'no 2',
    'no 3',
    'no 4',
    'no 5',
  ]);
  const tomorrow = new Date(Date.now() + 2 * 86_400_000);
  expect(await client().messages.list({ to, dateSentAfter: tomorrow })).toEqual([]);
  expect(await client().messages.list({ to, dateSentBefore: tomorrow })).toHaveLength(6);
  expect(await client().messages.list({ to, dateSent: tomorrow })).toEqual([]);
});

test('media make it an MMS, and every MediaUrl counts', async () => {
  const answer = await post([
    ['To', to],
    ['From', from],
    ['MediaUrl', 'https://example.com/a.jpg'],
    ['MediaUrl', 'https://example.com/b.jpg'],
  ]);
  expect(answer.status).toBe(201);
  expect(Date.parse(answer.headers.get('date') ?? '')).not.toBeNaN();
  expect(answer.headers.get('twilio-request-id')).toMatch(/^RQ/);
  expect(await answer.json()).toMatchObject({
    sid: expect.stringMatching(/^MM/),
    num_media: '2',
    price: null,
  });
});

test('a multipart form is read as well', async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ To: to, From: from, Body: 'x; y' }))
    form.append(name, value);
  const answer = await fetch(
    `${simulators.url}/twilio/2010-04-01/Accounts/${accountSid}/Messages.json`,
    {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
      body: form,
    },
  );
  expect(answer.status).toBe(201);
  expect(simulators.twilio.messages()).toMatchObject([{ body: 'x; y' }]);
});

test('with a messaging service the message is first accepted, without a sender', async () => {
  const messagingServiceSid = `MG${'a'.repeat(32)}`;
  const created = await client().messages.create({ to, messagingServiceSid, body: 'Hi' });
  expect(created).toMatchObject({ status: 'accepted', from: null, numSegments: '0' });
});

test('wrong credentials are refused as Twilio does', async () => {
  await expect(
    client('not-the-token').messages.create({ to, from, body: 'Hi' }),
  ).rejects.toMatchObject({ status: 401, code: 20003 });
});

test.each<[string, Record<string, string>, number, number]>([
  ['no recipient', { From: from, Body: 'x' }, 400, 21604],
  ['no sender', { To: to, Body: 'x' }, 400, 21603],
  ['no body', { To: to, From: from }, 400, 21602],
  ['a body too long', { To: to, From: from, Body: 'x'.repeat(1601) }, 400, 21617],
  ['no number', { To: 'nobody', From: from, Body: 'x' }, 400, 21211],
  ['a sender of another channel', { To: `whatsapp:${to}`, From: from, Body: 'x' }, 400, 21910],
  [
    'a WhatsApp sender that is not registered',
    { To: `whatsapp:${to}`, From: 'whatsapp:+12025550101', Body: 'x' },
    400,
    63007,
  ],
  ['a name as sender to the US', { To: to, From: 'ACME', Body: 'x' }, 400, 21612],
  ['a name as sender to Canada', { To: '+16135550123', From: 'ACME', Body: 'x' }, 400, 21612],
  ['a message to oneself', { To: from, From: from, Body: 'x' }, 400, 21266],
  ['a short code as recipient', { To: '12345', From: from, Body: 'x' }, 400, 21265],
  ['no validity', { To: to, From: from, Body: 'x', ValidityPeriod: '0' }, 400, 21624],
  ['too long a validity', { To: to, From: from, Body: 'x', ValidityPeriod: '36001' }, 400, 21624],
  ['an unknown template', { To: to, From: from, ContentSid: `HX${'a'.repeat(32)}` }, 400, 21655],
  [
    'variables without template',
    { To: to, From: from, Body: 'x', ContentVariables: '{}' },
    400,
    21654,
  ],
  ['a fallback beside a sender', { To: to, From: from, Body: 'x', FallbackFrom: from }, 400, 21664],
  [
    'a callback to a private host',
    { To: to, From: from, Body: 'x', StatusCallback: 'http://192.168.0.1/status' },
    400,
    21609,
  ],
  [
    'a callback to this machine that is not the stack',
    { To: to, From: from, Body: 'x', StatusCallback: 'http://127.0.0.1:9/status' },
    400,
    21609,
  ],
  ['a bad callback', { To: to, From: from, Body: 'x', StatusCallback: 'nowhere' }, 400, 21609],
  ['a bad service', { To: to, MessagingServiceSid: 'MG1', Body: 'x' }, 400, 21705],
  ['a full queue', { To: to, From: '+15005550008', Body: 'x' }, 429, 21611],
  ['a bad sender', { To: to, From: '+15005550001', Body: 'x' }, 400, 21212],
  ['an unreachable route', { To: '+15005550002', From: from, Body: 'x' }, 400, 21612],
  ['no mobile', { To: '+15005550009', From: from, Body: 'x' }, 400, 21614],
])('%s is refused', async (_, form, status, code) => {
  const answer = await post(form);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({
    code,
    status,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  });
  expect(simulators.twilio.messages()).toEqual([]);
});

test('status callbacks come in order, signed, to the URL without its fragment', async () => {
  const created = await client().messages.create({
    to,
    from,
    body: 'Hi',
    statusCallback: callback(),
  });
  const calls = await connector.waitForCount(2);
  expect(calls.map(({ form }) => form.MessageStatus)).toEqual(['sent', 'delivered']);
  for (const { path, form, headers } of calls) {
    expect(path).toBe('/webhooks/twilio/local-tenant/status?guid=g-1');
    expect(form).toMatchObject({ MessageSid: created.sid, SmsSid: created.sid, To: to });
    expect(form).not.toHaveProperty('ErrorCode');
    const signature = String(headers['x-twilio-signature']);
    expect(validateRequest(authToken, signature, connector.url + path, form)).toBe(true);
  }
});

test('a callback that fails is repeated with the same token as often as its URL asks', async () => {
  connector.answerWith({ status: 503 }, { status: 500 });
  await client().messages.create({ to, from, body: 'Hi', statusCallback: callback() });
  const calls = await connector.waitForCount(4);
  expect(calls.map(({ form }) => form.MessageStatus)).toEqual([
    'sent',
    'sent',
    'sent',
    'delivered',
  ]);
  const tokens = calls.map(({ headers }) => headers['i-twilio-idempotency-token']);
  expect(new Set(tokens.slice(0, 3)).size).toBe(1);
  expect(tokens[3]).not.toBe(tokens[0]);
});

test('without overrides an answered callback is not repeated', async () => {
  connector.answerWith({ status: 503 });
  await client().messages.create({ to, from, body: 'Hi', statusCallback: connector.url });
  const calls = await connector.waitForCount(2);
  await simulators.idle();
  expect(calls.map(({ form }) => form.MessageStatus)).toEqual(['sent', 'delivered']);
});

test.each([
  ['twice', ['sent', 'sent', 'delivered', 'delivered']],
  ['reversed', ['delivered', 'sent']],
  ['late', ['sent', 'delivered']],
  ['never', []],
] as const)('callbacks can come %s', async (callbacks, statuses) => {
  simulators.setFault('twilio', { callbacks });
  const { sid } = await client().messages.create({
    to,
    from,
    body: 'Hi',
    statusCallback: callback(),
  });
  await simulators.idle();
  expect(connector.received.map(({ form }) => form.MessageStatus)).toEqual(statuses);
  expect(await client().messages(sid).fetch()).toMatchObject({ status: 'delivered' });
});

test('callbacks can come before the answer', async () => {
  simulators.setFault('twilio', { callbacks: 'before-answer' });
  const created = await client().messages.create({
    to,
    from,
    body: 'Hi',
    statusCallback: callback(),
  });
  expect(created.status).toBe('queued');
  expect(connector.received).toHaveLength(2);
});

test('WhatsApp messages can be read', async () => {
  await client().messages.create({
    to: `whatsapp:${recipient('reads', 0)}`,
    from: `whatsapp:${from}`,
    body: 'Hi',
    statusCallback: callback(),
  });
  const calls = await connector.waitForCount(3);
  expect(calls.map(({ form }) => form.MessageStatus)).toEqual(['sent', 'delivered', 'read']);
  expect(calls[2]?.form).toMatchObject({ EventType: 'READ', ChannelPrefix: 'whatsapp' });
});

test.each<[Behaviour, string, string]>([
  ['unreachable', 'undelivered', '30003'],
  ['filtered', 'undelivered', '30007'],
  ['unknown', 'failed', '30005'],
])('a recipient who is "%s" ends %s with %s', async (behaviour, status, code) => {
  const statusCallback = callback();
  await client().messages.create({
    to: recipient(behaviour, 0),
    from,
    body: 'Hi',
    statusCallback,
  });
  await simulators.idle();
  expect(connector.received.at(-1)?.form).toMatchObject({ MessageStatus: status, ErrorCode: code });
});

test.each<[Behaviour, number, number]>([
  ['opted-out', 400, 21610],
  ['invalid', 400, 21211],
  ['landline', 400, 21614],
  ['throttled-always', 429, 20429],
])('a recipient who is "%s" is answered %i with %i every time', async (behaviour, status, code) => {
  const form = { To: recipient(behaviour, 0), From: from, Body: 'Hi' };
  for (const _ of [1, 2]) {
    const answer = await post(form);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  }
  expect(simulators.twilio.messages()).toEqual([]);
});

test.each<[Behaviour, number]>([
  ['throttled-once', 429],
  ['unavailable-once', 503],
  ['bad-gateway-once', 502],
])('"%s" is answered %i first, and the retry goes through', async (behaviour, status) => {
  const form = { To: recipient(behaviour, 0), From: from, Body: 'Hi' };
  expect((await post(form)).status).toBe(status);
  expect(simulators.twilio.messages()).toEqual([]);
  expect((await post(form)).status).toBe(201);
  expect((await post({ ...form, Body: 'Another' })).status).toBe(status);
});

test('two messages of the same text are distinguished by their StatusCallback', async () => {
  const form = { To: recipient('throttled-once', 0), From: from, Body: 'Hi' };
  const one = { ...form, StatusCallback: `${connector.url}/?guid=1` };
  const other = { ...form, StatusCallback: `${connector.url}/?guid=2` };
  expect((await post(one)).status).toBe(429);
  expect((await post(other)).status).toBe(429);
  expect((await post(one)).status).toBe(201);
});

test.each<[Behaviour, number]>([
  ['resets-once', 0],
  ['accepted-then-resets', 1],
])('"%s" cuts the connection', async (behaviour, accepted) => {
  const form = { To: recipient(behaviour, 0), From: from, Body: 'Hi' };
  await expect(post(form)).rejects.toThrow();
  expect(simulators.twilio.messages()).toHaveLength(accepted);
});

test.each<[Behaviour, number]>([
  ['hangs-once', 0],
  ['accepted-then-hangs', 1],
])('"%s" never answers', async (behaviour, accepted) => {
  const giveUp = new AbortController();
  const pending = fetch(
    `${simulators.url}/twilio/2010-04-01/Accounts/${accountSid}/Messages.json`,
    {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
      body: new URLSearchParams({ To: recipient(behaviour, 0), From: from, Body: 'Hi' }),
      signal: giveUp.signal,
    },
  );
  await simulators.inspection('twilio').waitFor(({ method }) => method === 'POST');
  if (accepted > 0) await simulators.twilio.waitForCount(accepted);
  giveUp.abort();
  await expect(pending).rejects.toThrow();
  expect(simulators.twilio.messages()).toHaveLength(accepted);
});

test('a message answered 500 was accepted, is listed and reported', async () => {
  const number = recipient('accepted-then-500', 0);
  const form = { To: number, From: from, Body: 'Hi', StatusCallback: callback() };
  expect((await post(form)).status).toBe(500);
  await connector.waitForCount(2);
  expect(await client().messages.list({ to: number })).toHaveLength(1);
});

test('an answer of a customer that is not taken comes again, as the webhook is set to ask for', async () => {
  connector.answerWith({ status: 503 }, { status: 503 }, { status: 200, body: '<Response/>' });
  const result = await simulators.twilio.reply({ from: to, to: from, body: 'Yes' });
  expect(result.status).toBe(200);
  const ids = connector.received.map(({ form }) => form.MessageSid);
  expect(ids).toEqual([result.messageId, result.messageId, result.messageId]);
});

test('a customer answers: signed, with the fields of an SMS', async () => {
  connector.answerWith({ status: 200, body: '<Response/>' });
  const result = await simulators.twilio.reply({ from: to, to: from, body: 'Yes; please' });
  expect(result.status).toBe(200);
  const [call] = connector.received;
  expect(call?.path).toBe('/webhooks/twilio/local-tenant/inbound');
  expect(call?.form).toMatchObject({
    From: to,
    To: from,
    Body: 'Yes; please',
    SmsStatus: 'received',
    FromCity: '',
    MessageSid: result.messageId,
    NumMedia: '0',
  });
  expect(call?.form).not.toHaveProperty('OptOutType');
  const signature = String(call?.headers['x-twilio-signature']);
  const url = `${connector.url}${call?.path}`;
  expect(validateRequest(authToken, signature, url, call?.form ?? {})).toBe(true);
});

test('a WhatsApp customer answers with a profile and the fields asked for', async () => {
  await simulators.twilio.reply({
    from: `whatsapp:${to}`,
    to: `whatsapp:${from}`,
    body: 'Yes',
    fields: { ButtonPayload: 'yes-1' },
  });
  expect(connector.received[0]?.form).toMatchObject({
    WaId: to.slice(1),
    ProfileName: 'Sample Customer',
    ButtonPayload: 'yes-1',
  });
});

test('a TwiML message is sent back to the customer', async () => {
  connector.answerWith({
    status: 200,
    body: '<?xml version="1.0"?><Response><Message>Thanks &amp; bye</Message></Response>',
  });
  await simulators.twilio.reply({ from: to, to: from, body: 'Hello' });
  expect(simulators.twilio.messages()).toMatchObject([
    { direction: 'outbound-reply', to, from, body: 'Thanks & bye' },
  ]);
});

test('STOP stops this sender only, START lets it write again', async () => {
  const form = { To: to, From: from, Body: 'Hi' };
  await simulators.twilio.reply({ from: to, to: from, body: ' stop ' });
  expect(await (await post(form)).json()).toMatchObject({ code: 21610 });
  expect((await post({ ...form, From: '+12025550101' })).status).toBe(201);
  await simulators.twilio.reply({ from: to, to: from, body: 'START' });
  expect((await post(form)).status).toBe(201);
});

test('a Messaging Service is told of a STOP later only', async () => {
  const number = recipient('opted-out', 0);
  const service = { MessagingServiceSid: `MG${'a'.repeat(32)}`, StatusCallback: callback() };
  expect((await post({ To: number, Body: 'Hi', ...service })).status).toBe(201);
  await connector.waitForCount(2);
  expect(connector.received.at(-1)?.form).toMatchObject({
    MessageStatus: 'failed',
    ErrorCode: '21610',
  });
});

test('a recipient who replies does so by itself', async () => {
  await post({ To: recipient('replies', 0), From: from, Body: 'Hi' });
  const [call] = await connector.waitForCount(1);
  expect(call?.form).toMatchObject({ From: recipient('replies', 0), To: from, Body: 'Thanks' });
});

test('an account of a tenant whose secret changes is known at once', async () => {
  simulators.setSecrets({ other: { ...secret, twilio_auth_token: 'rotated' } });
  await expect(client().messages.create({ to, from, body: 'x' })).rejects.toMatchObject({
    code: 20003,
  });
  await client('rotated').messages.create({ to, from, body: 'x' });
  expect(simulators.twilio.messages()).toMatchObject([{ tenantId: 'other' }]);
});

test('more than ten media are refused', async () => {
  const media = Array.from({ length: 11 }, (_, n): [string, string] => [
    'MediaUrl',
    `https://example.com/${n}.jpg`,
  ]);
  const answer = await post([['To', to], ['From', from], ...media]);
  expect(await answer.json()).toMatchObject({ code: 21623 });
});

test('a name as sender reaches countries that allow it', async () => {
  expect((await post({ To: '+447700900123', From: 'ACME', Body: 'x' })).status).toBe(201);
});

test('free text on WhatsApp is accepted, and undelivered until the person has written', async () => {
  const form = {
    To: `whatsapp:${to}`,
    From: `whatsapp:${from}`,
    Body: 'Hi',
    StatusCallback: callback(),
  };
  expect((await post(form)).status).toBe(201);
  const [call] = await connector.waitForCount(1);
  expect(call?.form).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '63016' });

  await simulators.twilio.reply({ from: form.To, to: form.From, body: 'Hello' });
  expect((await post(form)).status).toBe(201);
  await simulators.idle();
  expect(connector.received.at(-1)?.form).toMatchObject({ MessageStatus: 'delivered' });
});

const settings = (method: string, body?: object) =>
  fetch(`${simulators.url}/_settings/twilio`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

test('accounts are set up over /_settings', async () => {
  const contentSid = `HX${'a'.repeat(32)}`;
  const put = await settings('PUT', {
    whatsappSenders: ['+12025550101'],
    templates: [contentSid],
    privateCallbacks: 'any',
  });
  expect(put.status).toBe(200);
  expect(await (await settings('GET')).json()).toMatchObject({ whatsappWindow: 'check' });
  const form = {
    To: `whatsapp:${to}`,
    From: 'whatsapp:+12025550101',
    ContentSid: contentSid,
    StatusCallback: 'http://127.0.0.1:9/status',
  };
  expect((await post(form)).status).toBe(201);
  await simulators.idle();
  expect(simulators.twilio.messages()).toMatchObject([{ status: 'delivered' }]);
  await settings('DELETE');
  expect((await post(form)).status).toBe(400);
  expect((await settings('PUT', { whatsappWindow: 'ajar' })).status).toBe(422);
  expect((await fetch(`${simulators.url}/_settings/scg`)).status).toBe(404);
});

test('a page token that was not given out is refused', async () => {
  for (const body of ['one', 'two', 'three']) await client().messages.create({ to, from, body });
  const list = async (query: string) =>
    fetch(
      `${simulators.url}/twilio/2010-04-01/Accounts/${accountSid}/Messages.json?To=${encodeURIComponent(to)}&PageSize=2${query}`,
      { headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` } },
    );
  for (const query of ['&Page=1', '&Page=1&PageToken=PAnothing', '&PageToken=PAnothing']) {
    const answer = await list(query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 21481 });
  }
});
