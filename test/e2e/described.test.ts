import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScriptedServer, scriptedServer } from '../builders/scripted-server.ts';
import { callsChecked } from './described.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer(({ url }) => ({
    status: 200,
    body: url.pathname === '/health' ? { status: 'ok' } : { odd: true },
    headers: {
      'content-type': 'application/json',
      ...(url.pathname === '/simulated' ? {} : { 'x-request-id': 'request-1' }),
    },
  }));
});
afterAll(() => server.close());

it('A call of the service that the description has passes', async () => {
  const before = callsChecked();
  expect(await (await fetch(`${server.url}/health`)).json()).toEqual({ status: 'ok' });
  expect(callsChecked()).toBe(before + 1);
});

it.each(['/replays', '/replays?odd=1', '/no-such-route'])(
  'A call that the description does not have, %s, fails the test that makes it',
  async (path) => {
    await expect(fetch(server.url + path)).rejects.toThrow(/not as openapi\.yaml has it/);
  },
);

it('A call of a simulator is left alone', async () => {
  expect((await fetch(`${server.url}/simulated`)).status).toBe(200);
});
