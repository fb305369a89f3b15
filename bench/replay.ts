/**
 * A bad night of `--count` messages, replayed at `--rate`, on a stack that runs in its own process and
 * keeps its data. With `--kill` the stack is killed half-way and started again; with `--cancel` the
 * replay is canceled half-way and started again. Prints one line of JSON: what took how long, the rate
 * that was kept, and how often each message reached the provider.
 *
 *   node bench/replay.ts --count 10000 --rate 200 --kill
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import * as z from 'zod';
import { apiClient } from '../cli/client.ts';
import { allGroups } from '../cli/groups.ts';
import { planAnswer, type ReplayAnswer, replayAnswer } from '../domain/operator/answers/replays.ts';
import { outboundEvent } from '../local/demo/event.ts';
import { localKeys } from '../local/secrets.ts';
import { simulatorSecret } from '../local/simulators/credentials.ts';
import { recipient } from '../local/simulators/magic-numbers.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '200' },
    kill: { type: 'boolean', default: false },
    cancel: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const rate = Number(values.rate);
const tenantId = 'local-tenant';
const service = fileURLToPath(new URL('..', import.meta.url));
const say = (text: string) => process.stderr.write(`${text}\n`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const [port, simPort] = [await freePort(), await freePort()];
const url = `http://127.0.0.1:${port}`;
const simUrl = `http://127.0.0.1:${simPort}`;
const dataDir = await mkdtemp(join(tmpdir(), 'bench-replay-'));

async function startStack(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['local/start.ts', '--no-demo', '--data', dataDir], {
    cwd: service,
    env: { ...process.env, PORT: String(port), SIM_PORT: String(simPort) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error('the stack did not start');
    const up = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return child;
    await sleep(100);
  }
}

const api = apiClient(url, localKeys.operator, {
  out: say,
  err: say,
  env: {},
  fetch,
  now: Date.now,
  newId: randomUUID,
  sleep: async (ms) => {
    await sleep(ms);
  },
  ask: async () => undefined,
  onInterrupt: () => () => {},
  terminal: undefined,
});
const context = {
  client: api,
  json: true,
  width: 100,
  io: {
    out: say,
    err: say,
    env: {},
    fetch,
    newId: randomUUID,
    now: Date.now,
    sleep: async () => {},
    ask: async () => undefined,
    onInterrupt: () => () => {},
    terminal: undefined,
  },
  print: () => {},
  tenant: tenantId,
  namedTenant: tenantId,
};
const failedCount = async () =>
  (await allGroups(context, { tenantId })).reduce((sum, group) => sum + group.count, 0);
const fault = (given: object) =>
  fetch(`${simUrl}/_faults/twilio`, { method: 'PUT', body: JSON.stringify(given) });
const seconds = (since: number) => Math.round((Date.now() - since) / 100) / 10;

let stack = await startStack();
try {
  let since = Date.now();
  await fault({ mode: 'status', status: 401, code: 20003 });
  await pMap(
    Array.from({ length: count }, (_, no) => no),
    async (no) => {
      const response = await fetch(`${url}/twilio/messages`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'x-api-key': localKeys.connector },
        body: JSON.stringify(
          outboundEvent({
            guid: `bench-${no}`,
            tenantId,
            identityId: `identity-${no}`,
            creative: `TO:${recipient('delivered', no)};Message ${no}`,
            generatedAt: Date.now(),
            responseTrackingCode: `rtc-${no}`,
          }),
        ),
      });
      if (response.status !== 202) throw new Error(`the event was answered ${response.status}`);
      await response.arrayBuffer();
    },
    { concurrency: 16 },
  );
  // A few may be in doubt (an answer came too late): those wait for the provider and send themselves.
  let failed = -1;
  for (let now = 0; now !== failed || now < count * 0.95; ) {
    failed = now;
    await sleep(3000);
    now = await failedCount();
  }
  const failedAfter = seconds(since);
  await fault({ mode: 'none' });
  say(`${failed} failed after ${failedAfter} s`);

  since = Date.now();
  const plan = await api.post('/replays', { tenantId, rate, dryRun: true }, planAnswer);
  const planSeconds = seconds(since);
  say(`plan of ${plan.wouldSend} took ${planSeconds} s`);

  const start = () => api.post('/replays', { tenantId, rate, maxFailureRate: 1 }, replayAnswer);
  let replay: ReplayAnswer = await start();
  let [before, earlier] = [0, 0];
  let restarts = 0;
  /** Samples of how much was requeued when, for the longest stretch without a break. */
  let samples: { at: number; requeued: number }[] = [];
  since = Date.now();
  for (;;) {
    replay = await api.get(`/replays/${replay.replayId}`, {}, replayAnswer);
    if (replay.requeued !== before) samples.push({ at: Date.now(), requeued: replay.requeued });
    before = replay.requeued;
    if (restarts === 0 && replay.requeued > failed / 2) {
      if (values.kill) {
        say(`killed at ${replay.requeued}`);
        stack.kill('SIGKILL');
        await once(stack, 'exit');
        stack = await startStack();
        samples = [];
        restarts += 1;
      }
      if (values.cancel) {
        await api.post(`/replays/${replay.replayId}/cancel`, {}, replayAnswer);
        do {
          replay = await api.get(`/replays/${replay.replayId}`, {}, replayAnswer);
        } while (replay.status === 'running');
        say(`canceled at ${replay.requeued}`);
        earlier = replay.requeued;
        replay = await start();
        samples = [];
        restarts += 1;
      }
    }
    if (replay.status !== 'running') break;
    await sleep(1000);
  }
  const replaySeconds = seconds(since);
  while ((await failedCount()) > 0) await sleep(200);
  const [first, last] = [samples[0], samples.at(-1)];
  const kept =
    first && last ? (last.requeued - first.requeued) / ((last.at - first.at) / 1000) : Number.NaN;

  // What the provider has, by its own list.
  const secret = simulatorSecret(simUrl, tenantId);
  const account = secret.twilio_account_sid ?? '';
  const authorization = `Basic ${Buffer.from(`${account}:${secret.twilio_auth_token}`).toString('base64')}`;
  const pageSchema = z.object({
    messages: z.array(z.object({ body: z.string(), direction: z.string() })),
    next_page_uri: z.string().nullable(),
  });
  const sent = new Map<string, number>();
  let next: string | null = `/2010-04-01/Accounts/${account}/Messages.json?PageSize=1000`;
  while (next !== null) {
    const page = pageSchema.parse(
      await (await fetch(`${simUrl}/twilio${next}`, { headers: { authorization } })).json(),
    );
    for (const { body, direction } of page.messages) {
      if (direction === 'outbound-api') sent.set(body, (sent.get(body) ?? 0) + 1);
    }
    next = page.next_page_uri;
  }
  const times = [...sent.values()];
  const result = {
    count,
    failed,
    rate,
    planSeconds,
    replaySeconds,
    keptRate: Math.round(kept * 10) / 10,
    status: replay.status,
    requeued: earlier + replay.requeued,
    lost: count - sent.size,
    duplicates: times.filter((time) => time > 1).length,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.lost === 0 && result.duplicates === 0 ? 0 : 1;
} finally {
  stack.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
}
