import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { exitCodes, Interrupted } from '../../cli/exit.ts';
import { askOn } from '../../cli/terminal.ts';
import type { Group } from '../../domain/operator/answers/failed-requests.ts';
import type { ReplayAnswer } from '../../domain/operator/answers/replays.ts';
import { type ScriptedServer, scriptedServer } from '../builders/scripted-server.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

const running: ReplayAnswer = {
  replayId: 'replay-1',
  tenantId: 'tenant-a',
  status: 'running',
  phase: 'requeue',
  asked: null,
  selection: { tenantId: 'tenant-a' },
  options: {
    rate: 1,
    canary: 0,
    maxFailureRate: 0.5,
    ignoreTtl: false,
    includePermanent: false,
    sendInDoubt: false,
    ignoreWindow: false,
  },
  startedBy: 'on-call',
  requeued: 1,
  sent: 0,
  failedAgain: 0,
  onTheirWay: 1,
  skipped: {},
  countedAt: '2026-03-02T09:00:00.000Z',
  reason: null,
  executions: 1,
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
  finishedAt: null,
};

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** The command line as a process of its own, before a service that answers everything with one body. */
async function command(body: unknown, ...args: string[]) {
  server = await scriptedServer(({ url }) => ({
    status: 200,
    body: url.pathname === '/failed-requests' && args[0] === 'replay' ? { groups: [] } : body,
  }));
  const child = spawn(process.execPath, [main, ...args, '--url', server.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI360_OPERATOR_KEY: 'good', CI360_TENANT: 'tenant-a' },
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return { child, closed: once(child, 'close'), err: () => err };
}

describe('the command line as a process', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'on %s while it follows a replay prints its id and ends with %i',
    async (signal, code) => {
      const { child, closed, err } = await command(running, 'replay', 'watch', 'replay-1');
      await once(child.stdout, 'data');
      child.kill(signal);
      expect((await closed)[0]).toBe(code);
      expect(err()).toBe(
        '\nReplay replay-1 continues in the background.\nFollow it: npm run cli -- replay watch replay-1\n',
      );
    },
  );

  it('ends without a word when nobody reads its output any more', async () => {
    const groups = Array.from(
      { length: 300 },
      (_, no): Group => ({
        provider: 'twilio',
        kind: 'message',
        class: 'config',
        code: String(no),
        sender: '',
        taskId: '',
        message: 'No.',
        advice: '',
        replayable: 'yes',
        count: 1,
        firstAt: '2026-03-02T09:00:00.000Z',
        lastAt: '2026-03-02T09:00:00.000Z',
      }),
    );
    const { child, closed, err } = await command({ groups }, 'failed');
    child.stdout.destroy();
    expect([(await closed)[0], err()]).toEqual([exitCodes.ok, '']);
  });
});

describe('a question on a terminal', () => {
  const asked = (keys: string) => {
    const input = new PassThrough();
    const answer = askOn({ input, output: new PassThrough() }, 'Go on? ');
    input.write(keys);
    return answer;
  };

  it('is answered by a line', async () => {
    expect(await asked('yes\r')).toBe('yes');
  });

  it('is left with Ctrl-C', async () => {
    await expect(asked('\u0003')).rejects.toBeInstanceOf(Interrupted);
  });

  it('is answered by nothing with Ctrl-D', async () => {
    expect(await asked('\u0004')).toBe('');
  });
});
