import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { startSimulators } from '../../../local/simulators/start-simulators.ts';
import { startReceiver } from './receiver.ts';

const secret = simulatorSecret('http://127.0.0.1');
const sid = secret.twilio_account_sid ?? '';
const from = '+12025550100';
const to = recipient('delivered', 0);

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulators-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const send = (url: string, statusCallback?: string) =>
  fetch(`${url}/twilio/2010-04-01/Accounts/${sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${sid}:${secret.twilio_auth_token}`)}` },
    body: new URLSearchParams({
      To: to,
      From: from,
      Body: 'Hi',
      ...(statusCallback ? { StatusCallback: statusCallback } : {}),
    }),
  });

test('what was accepted and received is there after a restart, also behind a line cut short', async () => {
  const before = await startSimulators({ dataDir, latencyMs: 0 });
  await send(before.url);
  await before.idle();
  const messages = before.twilio.messages();
  const requests = [...before.inspection('twilio').entries()];
  await before.close();
  appendFileSync(join(dataDir, 'twilio-messages.jsonl'), '{"sid":"SM');

  const after = await startSimulators({ dataDir, latencyMs: 0 });
  expect(after.twilio.messages()).toEqual(messages);
  expect([...after.inspection('twilio').entries()]).toEqual(requests);
  await send(after.url);
  await after.close();

  const last = await startSimulators({ dataDir, latencyMs: 0 });
  expect(last.twilio.messages()).toHaveLength(2);
  await last.close();
});

test('what was answered 201 is there after the process was killed', async () => {
  const script = `
    import { startSimulators } from './local/simulators/start-simulators.ts';
    const { url } = await startSimulators({ dataDir: process.argv[1], latencyMs: 0 });
    console.log(url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(child.stdout, 'data');
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(String(url).trim())));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  child.kill('SIGKILL');
  await once(child, 'exit');

  const after = await startSimulators({ dataDir, latencyMs: 0 });
  expect(after.twilio.messages()).toHaveLength(20);
  expect(after.inspection('twilio').size).toBe(20);
  await after.close();
});

test('callbacks that a restart broke off are sent once the connector is there', async () => {
  const connector = await startReceiver();
  const before = await startSimulators({
    dataDir,
    latencyMs: 0,
    timings: { stepMs: 600_000 },
    connectorUrl: connector.url,
  });
  expect((await send(before.url, `${connector.url}/status`)).status).toBe(201);
  await before.close();
  expect(connector.received).toEqual([]);

  const after = await startSimulators({ dataDir, latencyMs: 0, timings: { stepMs: 1 } });
  after.setConnectorUrl(connector.url);
  const calls = await connector.waitForCount(2);
  await after.idle();
  expect(calls.map(({ form }) => form.MessageStatus)).toEqual(['sent', 'delivered']);
  await after.close();
  await connector.close();
});

test('an opt-out survives, and what is forgotten does not come back', async () => {
  const connector = await startReceiver();
  const options = { dataDir, latencyMs: 0, connectorUrl: connector.url };
  const before = await startSimulators(options);
  await before.twilio.reply({ from: to, to: from, body: 'STOP' });
  await before.close();
  const after = await startSimulators(options);
  expect((await send(after.url)).status).toBe(400);
  await fetch(`${after.url}/_inspect/twilio`, { method: 'DELETE' });
  await fetch(`${after.url}/twilio/after`);
  await after.close();
  const last = await startSimulators(options);
  expect([...last.inspection('twilio').entries()]).toMatchObject([{ path: '/twilio/after' }]);
  await last.close();
  await connector.close();
});

test('only the last ones are kept', async () => {
  const simulators = await startSimulators({ latencyMs: 0, keep: 2 });
  for (const _ of [1, 2, 3]) await send(simulators.url);
  expect(simulators.twilio.messages()).toHaveLength(2);
  expect(simulators.inspection('twilio').size).toBe(2);
  await simulators.close();
});
