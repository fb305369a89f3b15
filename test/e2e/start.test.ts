import './described.ts';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryLine } from '../../local/demo/next-steps.ts';
import { listen } from '../../local/emulators/listen.ts';
import { serviceDir } from '../../local/stack.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'start-'));
});
/** What a failed test left running; a process that has ended is not hurt. */
const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  await rm(directory, { recursive: true });
});

/** `npm start` as its own process on free ports. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['local/start.ts', '--data', directory, ...args], {
    cwd: serviceDir,
    env: { ...process.env, PORT: '0', SIM_PORT: '0', ...env },
  });
  started.push(child);
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const check of waiting) check();
  });
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  return {
    child,
    lines,
    errors,
    line: (start: string) =>
      new Promise<string>((resolve) => {
        const check = () => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) resolve(found);
        };
        waiting.add(check);
        check();
      }),
    ended: once(child, 'close').then(([code]): unknown => code),
  };
}

describe('npm start', () => {
  it('sends a campaign, prints its books as JSON and exits 0 because they balance', async () => {
    const run = start(['--demo', '40', '--exit', '--json']);
    expect(await run.ended).toBe(0);
    expect(run.errors).toEqual([]);
    expect(run.lines[0]).toMatch(/^ready: http:\/\/127\.0\.0\.1:\d+$/);
    expect(run.lines[1]).toMatch(
      /^console: http:\/\/127\.0\.0\.1:\d+\/console#\/campaigns\?tenant=local-tenant \(key local-operator-key\)$/,
    );
    const books = JSON.parse(run.lines.at(-1) ?? '');
    expect(books).toMatchObject({ lost: 0, duplicates: 0, balanced: true });
    expect(books.accepted + books.discarded + books.rejected).toBe(40);
    const failed = Object.values<number>(books.failed).reduce((a, b) => a + b, 0);
    expect(books.accepted).toBe(books.sent + failed);
  });

  it('just serves with --no-demo, says what to try, and ends at Ctrl-C', async () => {
    const run = start(['--no-demo'], { PUBLIC_URL: 'https://tunnel.invalid/' });
    const url = (await run.line('ready: ')).replace('ready: ', '');
    await run.line('Ctrl-C');
    expect((await fetch(`${url}/health`)).status).toBe(200);
    // A shell takes the line apart as it would for curl.
    const shell = `curl() { printf '%s\\0' "$@"; }; ${tryLine(url)}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', shell]);
    const [, target = '', , key = '', , body = ''] = stdout.split('\0');
    const [name = '', value = ''] = key.split(': ');
    const response = await fetch(target, {
      method: 'POST',
      body,
      headers: { [name]: value, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(response.status).toBe(202);
    const [, simulators] = /(http\S+)\/_messages\/twilio/.exec(run.lines.join('\n')) ?? [];
    const inspect = `${simulators}/_inspect/twilio`;
    await vi.waitFor(async () => {
      const callback = encodeURIComponent('https://tunnel.invalid/webhooks/');
      expect(await (await fetch(inspect)).text()).toContain(callback);
    }, 10_000);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });

  it.each([
    [['--verbose'], {}, 2, /unknown option '--verbose'/],
    [['--demo', 'x'], {}, 2, /It is a number of events/],
    [['--no-demo'], { PORT: 'x' }, 2, /PORT is "x"/],
    [['--no-demo'], { SECRETS_FILE: '/nowhere/secrets.json' }, 1, /cannot be read \(ENOENT\)/],
  ])('%j with %j exits with a sentence', async (args, env, code, sentence) => {
    const run = start(args, env);
    expect(await run.ended).toBe(code);
    expect(run.errors).toEqual([expect.stringMatching(sentence)]);
  });

  it('says which port is in use', async () => {
    const other = createServer();
    const port = new URL(await listen(other, 0)).port;
    const run = start(['--no-demo'], { PORT: port });
    expect(await run.ended).toBe(1);
    expect(run.errors).toEqual([expect.stringContaining(`Port ${port} is in use.`)]);
    other.close();
  });

  it('draws and prints keys where accounts may be real, and refuses the well-known ones there', async () => {
    const file = join(directory, 'secrets.json');
    await writeFile(file, JSON.stringify({ acme: { twilio_account_sid: 'AC1' } }));
    const run = start([], { SECRETS_FILE: file });
    const url = (await run.line('ready: ')).replace('ready: ', '');
    const printed = await run.line('Keys drawn for this run: ');
    const [, drawn = ''] = /connector (\S+),/.exec(printed) ?? [];
    const post = (key: string) =>
      fetch(`${url}/twilio/messages`, {
        method: 'POST',
        body: '{}',
        headers: { 'x-api-key': key },
      });
    await run.line('Ctrl-C');
    expect((await post('local-connector-key')).status).toBe(401);
    expect((await post(drawn)).status).toBe(422);
    expect(run.lines.join('\n')).toContain(`x-api-key: ${drawn}`);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('serves the tenants of a secrets file', async () => {
    const file = join(directory, 'secrets.json');
    const keys = { connector: [{ name: 'a', key: 'key-of-the-file-1', tenants: ['acme'] }] };
    await writeFile(file, JSON.stringify({ acme: {}, 'access-keys': keys }));
    const run = start([], { SECRETS_FILE: file });
    const url = (await run.line('ready: ')).replace('ready: ', '');
    await run.line('Ctrl-C');
    expect(run.lines).toContainEqual(expect.stringMatching(/^No sample campaign/));
    expect(run.lines.join('\n')).toContain("CI360_TENANT='acme' npm run cli -- failed");
    const post = (key: string) =>
      fetch(`${url}/twilio/messages`, {
        method: 'POST',
        body: '{}',
        headers: { 'x-api-key': key },
      });
    expect((await post('local-connector-key')).status).toBe(401);
    expect((await post('key-of-the-file-1')).status).toBe(422);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });
});
