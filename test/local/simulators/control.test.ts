import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { startReceiver } from './receiver.ts';

const secret = simulatorSecret('http://127.0.0.1');
const sid = secret.twilio_account_sid ?? '';
const authorization = `Basic ${btoa(`${sid}:${secret.twilio_auth_token}`)}`;

let simulators: Simulators;
/** The next draws of chance. */
let draws: number[];
beforeEach(async () => {
  draws = [];
  simulators = await startSimulators({ latencyMs: 0, random: () => draws.shift() ?? 0 });
});
afterEach(() => simulators.close());

const messagesPath = `/twilio/2010-04-01/Accounts/${sid}/Messages.json`;
const send = (signal?: AbortSignal) =>
  fetch(simulators.url + messagesPath, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ To: recipient('delivered', 0), From: '+12025550100', Body: 'Hi' }),
    ...(signal ? { signal } : {}),
  });
const list = () => fetch(simulators.url + messagesPath, { headers: { authorization } });
const control = (method: string, path: string, body?: unknown) =>
  fetch(simulators.url + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const bodyOf = async (response: Response | Promise<Response>) =>
  JSON.parse(await (await response).text());
const accepted = () => simulators.twilio.messages().length;

test('what was received can be seen as it was, and forgotten', async () => {
  await send();
  const seen = await bodyOf(control('GET', '/_inspect/twilio'));
  expect(seen).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      method: 'POST',
      path: messagesPath,
      headers: expect.objectContaining({ authorization }),
      body: `To=%2B1${recipient('delivered', 0).slice(2)}&From=%2B12025550100&Body=Hi`,
      status: 201,
    },
  ]);
  expect((await control('DELETE', '/_inspect/twilio')).status).toBe(204);
  expect(await bodyOf(control('GET', '/_inspect/twilio'))).toEqual([]);
  expect(await bodyOf(control('GET', '/_messages/twilio'))).toHaveLength(1);
});

test('a long inspection is complete', async () => {
  const inspection = simulators.inspection('scg');
  const body = 'x'.repeat(10_000);
  for (let i = 0; i < 300; i++)
    inspection.received({ at: '', method: 'POST', path: `/${i}`, headers: {}, body })(200);
  const seen = await bodyOf(control('GET', '/_inspect/scg'));
  expect(seen).toHaveLength(300);
  expect(seen[299]).toMatchObject({ path: '/299', status: 200 });
});

test('a fault of a status has the code, the shape of the provider and Retry-After', async () => {
  const fault = { mode: 'status', status: 429, code: 20429, retryAfter: 2 };
  expect((await control('PUT', '/_faults/twilio', fault)).status).toBe(200);
  const answer = await send();
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect(await answer.json()).toMatchObject({ code: 20429, status: 429 });
  expect((await list()).status).toBe(429);
  await control('PUT', '/_faults/twilio', {});
  expect((await send()).status).toBe(201);
  expect(accepted()).toBe(1);
});

test('a fault is shown without what says nothing', async () => {
  const fault = { mode: 'status', status: 503, rate: 0.5, on: 'sends' };
  expect(await bodyOf(control('PUT', '/_faults/twilio', fault))).toEqual(fault);
  const slow = { mode: 'none', latencyMs: 5, callbacks: 'late' };
  expect(await bodyOf(control('PUT', '/_faults/twilio', slow))).toEqual(slow);
  expect(await bodyOf(control('DELETE', '/_faults/twilio'))).toEqual({ mode: 'none' });
  expect(await bodyOf(control('GET', '/_faults/twilio'))).toEqual({ mode: 'none' });
});

test('a fault ends after its count', async () => {
  await control('PUT', '/_faults/twilio', { mode: 'status', status: 503, count: 2 });
  expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([
    503, 503, 201,
  ]);
});

test('a fault hits its share', async () => {
  draws = [0.05, 0.1, 0.9, 0.0];
  await control('PUT', '/_faults/twilio', { mode: 'status', status: 500, rate: 0.1 });
  const statuses: number[] = [];
  for (const _ of [1, 2, 3, 4]) statuses.push((await send()).status);
  expect(statuses).toEqual([500, 201, 201, 500]);
});

test('a fault can be limited to sends', async () => {
  await control('PUT', '/_faults/twilio', { mode: 'status', on: 'sends' });
  expect((await send()).status).toBe(503);
  expect((await list()).status).toBe(200);
});

test.each([
  ['reset', 0],
  ['accept-then-reset', 1],
] as const)('"%s" cuts the connection', async (mode, count) => {
  await control('PUT', '/_faults/twilio', { mode });
  await expect(send()).rejects.toThrow();
  expect(accepted()).toBe(count);
  const [seen] = await bodyOf(control('GET', '/_inspect/twilio'));
  expect(seen).toMatchObject({ method: 'POST', status: null });
});

test.each([
  ['hang', 0],
  ['accept-then-hang', 1],
] as const)('"%s" never answers', async (mode, count) => {
  await control('PUT', '/_faults/twilio', { mode });
  const giveUp = new AbortController();
  const pending = send(giveUp.signal);
  await simulators.inspection('twilio').waitFor(() => true);
  if (count > 0) await simulators.twilio.waitForCount(count);
  giveUp.abort();
  await expect(pending).rejects.toThrow();
  expect(accepted()).toBe(count);
});

test('with the "accept-then" modes look-ups still work, and refusals are seen', async () => {
  await control('PUT', '/_faults/twilio', { mode: 'accept-then-status', status: 500 });
  expect((await send()).status).toBe(500);
  const found = await bodyOf(list());
  expect(found.messages).toHaveLength(1);
  const refused = await fetch(simulators.url + messagesPath, { method: 'POST' });
  expect(refused.status).toBe(401);
});

test.each([
  ['/_faults/twilio', '{', 400, 'not JSON'],
  ['/_faults/twilio', { mode: 'explode' }, 422, 'mode'],
  ['/_faults/twilio', { mood: 'none' }, 422, 'mood'],
  ['/_faults/twilio', { rate: 2 }, 422, 'rate'],
  ['/_reply/twilio', { to: '+12025550100' }, 422, 'from'],
])('%s with %j is refused in words', async (path, body, status, word) => {
  const method = path.startsWith('/_faults') ? 'PUT' : 'POST';
  const answer = await control(method, path, body);
  expect(answer.status).toBe(status);
  expect((await bodyOf(answer)).error).toContain(word);
});

test.each([
  ['GET', '/_inspect/nobody', 404],
  ['GET', '/_other/twilio', 404],
  ['GET', '/nobody/at/home', 404],
  ['PATCH', '/_inspect/twilio', 405],
  ['POST', '/_reply/ci360', 404],
])('%s %s is %i', async (method, path, status) => {
  const answer = await control(method, path, method === 'GET' ? undefined : {});
  expect(answer.status).toBe(status);
  expect((await bodyOf(answer)).error).toEqual(expect.any(String));
});

test('a reply with nobody to take it says so', async () => {
  const reply = { from: recipient('delivered', 0), to: '+12025550100', body: 'Yes' };
  expect((await control('POST', '/_reply/twilio', reply)).status).toBe(502);
  const connector = await startReceiver();
  simulators.setConnectorUrl(connector.url);
  const answer = await control('POST', '/_reply/twilio', reply);
  expect(await answer.json()).toEqual({ messageId: expect.stringMatching(/^SM/), status: 204 });
  await connector.close();
});

test('links relative to the root of the API work without the name of the simulator', async () => {
  await send();
  await send();
  const path = messagesPath.replace('/twilio', '');
  const first = await fetch(`${simulators.url}${path}?PageSize=1`, { headers: { authorization } });
  const { next_page_uri: next } = await bodyOf(first);
  const second = await fetch(simulators.url + next, { headers: { authorization } });
  expect((await bodyOf(second)).messages).toHaveLength(1);
});

test("the providers' clock need not be ours", async () => {
  const skewed = await startSimulators({ latencyMs: 0, clock: () => Date.UTC(2030, 0, 1) });
  const answer = await fetch(skewed.url + messagesPath, { headers: { authorization } });
  expect(answer.headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
  await skewed.close();
});

test('a port in use is an error', async () => {
  const port = Number(new URL(simulators.url).port);
  await expect(startSimulators({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
