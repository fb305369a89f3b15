import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { duration, moment } from '../../cli/format.ts';
import { runCli } from '../../cli/run.ts';
import { aDelivery } from '../builders/delivery.ts';
import { BUILT_AT } from '../builders/message-request.ts';
import { service } from '../domain/operator/service.ts';
import { someFailed } from '../domain/replay/replay-setup.ts';
import { aScreen, HIDE_CURSOR } from './screen.ts';
import { terminal } from './terminal.ts';

const mixed = () =>
  someFailed(40, (no) =>
    no < 30
      ? {}
      : {
          errorCode: '21211',
          errorClass: 'permanent',
          errorMessage: 'Not a number.',
          advice: 'Edit.',
        },
  );

const widthOf = (out: string) => Math.max(...out.split('\n').map(({ length }) => length));

describe('failed', () => {
  it('shows groups with their count, whether a replay helps, and advice', async () => {
    const run = terminal(service(mixed()));
    const { out, exitCode } = await run('failed --since 2h');
    expect(exitCode).toBe(0);
    expect(out).toContain('20003');
    expect(out).toContain('auth token');
    expect(widthOf(out)).toBeLessThanOrEqual(100);
    expect(out).toContain('40 in 2 groups.');
    expect(JSON.parse((await run('failed --json')).out)).toMatchObject({
      groups: [
        { count: 30, code: '20003', replayable: 'yes' },
        { count: 10, replayable: 'with-include-permanent' },
      ],
    });
  });

  it('adds up the groups of several pages, from the first failure to the last', async () => {
    const rows = someFailed(1200);
    const run = terminal(service(rows, { budgetMs: 0 }));
    const { groups } = JSON.parse((await run('failed --json')).out);
    expect(groups).toEqual([
      expect.objectContaining({
        count: 1200,
        firstAt: rows.at(0)?.insertTs,
        lastAt: rows.at(-1)?.insertTs,
      }),
    ]);
  });

  it('fits groups with long ids to the terminal', async () => {
    const rows = someFailed(2, () => ({
      taskId: '9f0d2c4b-55a1-4e86-b7d4-20f1c3e6a8b7',
      sender: `MG${'0'.repeat(32)}`,
      errorCode: 'SCG_ERROR_40024',
      errorClass: 'opted-out',
    }));
    const { out } = await terminal(service(rows))('failed');
    expect(widthOf(out)).toBeLessThanOrEqual(100);
    expect(out).toMatch(/│ 9f0d2c4b-55a1-4e86- .*\n.*│ b7d4-20f1c3e6a8b7 /);
  });

  it('says of people who opted out that a replay sends if they opted back in, within a terminal', async () => {
    const run = terminal(service(someFailed(2, () => ({ errorClass: 'opted-out' }))));
    const { out } = await run('failed');
    expect(out).toMatch(/if they .*\n.* opted back .*\n.* in /);
    expect(widthOf(out)).toBeLessThanOrEqual(100);
    expect((await run('failed show guid-000001')).out).toContain('if they opted back in');
  });

  it('lists rows with numbers masked, and goes on with a cursor', async () => {
    const run = terminal(service(mixed()));
    const { out } = await run('failed list --code 20003 --limit 20');
    expect(out.match(/guid-0000/g)).toHaveLength(20);
    expect(out).not.toContain('2025550123');
    const cursor = /--cursor (\S+)/.exec(out)?.[1];
    const next = await run(`failed list --code 20003 --limit 20 --cursor ${cursor}`);
    expect(next.out.match(/guid-0000/g)).toHaveLength(10);
    expect((await run(`failed list --code 21211 --since 1h --cursor ${cursor}`)).exitCode).toBe(2);
  });

  it('tells the whole story of one', async () => {
    const { out, exitCode } = await terminal(service(mixed()))('failed show guid-000003');
    expect(exitCode).toBe(0);
    expect(out).toContain('config 20003');
    // Pairs of a name and a value have no titles above them, nor an empty row for them.
    expect(out).toMatch(/^┌[─┬]+┐\n│ Guid +│ guid-000003/);
  });

  it('tells of one that was refused at its first send and never replayed no counts', async () => {
    const rows = someFailed(1, () => ({
      attempts: 0,
      errorClass: 'opted-out',
      errorCode: 'opted-out',
      advice: `${'Ask whether the person wants to be written to. '.repeat(4)}`.trim(),
    }));
    const { out } = await terminal(service(rows))('failed show guid-000000');
    expect(out).toMatch(/│ Status +│ failed +│/);
    expect(out).toMatch(/│ Failed +│ 2026-03-02 08:59:59 UTC +│/);
    expect(out).toMatch(/│ Cause +│ opted-out: The account/);
    expect(widthOf(out)).toBeLessThanOrEqual(100);
  });

  it.each([
    ['message', 'not needed: it was sent after all'],
    ['external-event', 'not needed: CI360 has it now'],
  ] as const)('tells of a %s that a replay helped that it is done', async (kind, words) => {
    const rows = someFailed(1, () => ({ kind, status: 'resolved', replays: 1, attempts: 2 }));
    const { out } = await terminal(service(rows))('failed show guid-000000');
    expect(out).toContain('resolved, after 1 replay ');
    expect(out).toContain('UTC, after 2 attempts');
    expect(out).toContain(words);
    expect(out).not.toContain('Advice');
  });

  it('purges after a confirmation only', async () => {
    const s = service(mixed());
    const no = await terminal(s, { answer: 'no' })('failed purge --class permanent');
    expect([no.exitCode, s.w.failedRequests.all().length]).toEqual([2, 40]);
    expect(no.err).toBe('Nothing was deleted: that was not the tenant id, tenant-a.\n');
    const nobody = await terminal(s)('failed purge');
    expect([nobody.exitCode, nobody.err]).toEqual([
      2,
      'Nothing was deleted. Without a terminal, pass --yes.\n',
    ]);
    const none = await terminal(s)('failed purge --status resolved');
    expect([none.exitCode, none.out]).toEqual([
      0,
      'Nothing is selected: there is nothing to delete.\n',
    ]);
    const yes = await terminal(s, { answer: 'tenant-a' })('failed purge --class permanent');
    expect([yes.exitCode, yes.out]).toEqual([0, '10 deleted.\n']);
    const forced = await terminal(s)('failed purge --yes --json');
    expect(JSON.parse(forced.out)).toEqual({ purged: 30 });
  });
});

describe('replay', () => {
  it('sends permanent failures only after the tenant id was typed', async () => {
    const s = service(mixed());
    const command = 'replay start --class permanent --include-permanent';
    const no = await terminal(s, { answer: 'no' })(command);
    expect([no.exitCode, no.err]).toEqual([
      2,
      expect.stringMatching(/Nothing was started: that was not the tenant id, tenant-a\.\n$/),
    ]);
    expect(no.err).toContain('10 of 10 would be sent');
    const nobody = await terminal(s)(command);
    expect([nobody.exitCode, nobody.err]).toEqual([
      2,
      expect.stringMatching(/Nothing was started\. Without a terminal, pass --yes\.\n$/),
    ]);
    expect(s.w.started).toHaveLength(0);
    expect((await terminal(s, { answer: 'tenant-a' })(command)).exitCode).toBe(0);
    expect(await s.w.replay()).toMatchObject({ options: { includePermanent: true } });
    expect((await terminal(s)(`${command} --yes`)).exitCode).toBe(0);
  });

  it('sends what the provider cannot tell about only after the tenant id was typed', async () => {
    const s = service(someFailed(3, () => ({ errorClass: 'unknown' })));
    const command = 'replay start --class unknown --send-in-doubt';
    const no = await terminal(s, { answer: 'yes' })(command);
    expect(no.exitCode).toBe(2);
    expect(no.asked).toContain('people may get them twice');
    expect(s.w.started).toHaveLength(0);
    expect((await terminal(s, { answer: 'tenant-a' })(command)).exitCode).toBe(0);
    expect(await s.w.replay()).toMatchObject({
      options: { sendInDoubt: true, includePermanent: false },
    });
  });

  it('plans: what would be sent, what not and why, and how long it takes', async () => {
    const run = terminal(service(mixed()));
    const { out, exitCode } = await run('replay plan --rate 5');
    expect(exitCode).toBe(0);
    expect(out).toContain('need editing');
    expect(out).toContain('30 of 40 would be sent, in 6 s at 5 a second.');
    const json: unknown = JSON.parse((await run('replay plan --class config --json')).out);
    expect(json).toMatchObject({ wouldSend: 30, counts: { send: 30 } });
  });

  it('shows its plan and asks before it starts; without a terminal it wants --yes', async () => {
    const s = service(mixed());
    const nobody = await terminal(s)('replay start');
    expect([nobody.exitCode, nobody.out]).toEqual([2, '']);
    expect(nobody.err).toContain('30 of 40 would be sent');
    expect(nobody.err).toMatch(/Nothing was started\. Without a terminal, pass --yes\.\n$/);
    const no = await terminal(s, { answer: 'y' })('replay start --json');
    expect([no.exitCode, no.out]).toEqual([2, '']);
    expect(no.err).toContain('Nothing was started: that was not yes.');
    expect((await terminal(s)('replay list')).out).toContain('There are no replays.');
    const yes = await terminal(s, { answer: 'yes' })('replay start --class config');
    expect([yes.exitCode, yes.out]).toEqual([
      0,
      expect.stringContaining('Replay replay-1 started.'),
    ]);
  });

  it('does not ask, nor start, when nothing is selected', async () => {
    const run = terminal(service([]), { answer: 'yes' });
    const { exitCode, out, err } = await run('replay start');
    expect([exitCode, out, err]).toEqual([
      0,
      '',
      'Nothing is selected: there is nothing to replay.\n',
    ]);
    expect((await run('replay list')).out).toContain('There are no replays.');
  });

  it('starts, is watched to its end, and is reported', async () => {
    const run = terminal(service(mixed()));
    const started = await run(
      'replay start --yes --class config --rate 50 --canary 20 --max-failure-rate 0.1',
    );
    expect(started.out).toContain('replay watch replay-1');
    const watched = await run('replay watch replay-1');
    expect(watched.exitCode).toBe(0);
    expect(watched.out).toContain('Replay replay-1 of tenant-a: completed');
    expect(watched.out).toMatch(/sent\s*│\s*30/);
    const report = await run('replay report replay-1 --json');
    expect(JSON.parse(report.out)).toMatchObject({ status: 'completed', sent: 30 });
    expect((await run('replay list')).out).toContain('replay-1');
  });

  it.each([
    [41, 'The canary of 41 covers all 40.'],
    [40, 'The canary of 40 covers all 40.'],
    [39, undefined],
  ])('with a canary of %i of 40 says whether it covers all', async (canary, words) => {
    const run = terminal(service(someFailed(40)));
    const { exitCode, out } = await run(`replay start --yes --canary ${canary} --watch`);
    expect(exitCode).toBe(0);
    expect(/The canary .*/.exec(out)?.[0]).toBe(words);
    expect(out).toMatch(/sent\s*│\s*40/);
    const json = await run(`replay start --yes --canary ${canary} --json`);
    expect(JSON.parse(json.out)).toMatchObject({ options: { canary } });
  });

  it('says in its help what holds when nothing is said', async () => {
    const { out } = await terminal(service([]))('replay start --help');
    const text = out.replace(/\s+/g, ' ');
    expect(text).toContain('messages per second (default: 10)');
    expect(text).toContain('wait for them (default: none)');
    expect(text).toContain('fails again (default: 0.5)');
  });

  it('ends with 1 when something failed again, and says what', async () => {
    const s = service(mixed(), { fate: ({ guid }) => (guid.endsWith('7') ? 'fails' : 'sent') });
    const run = terminal(s);
    const { exitCode, out } = await run('replay start --yes --class config --watch');
    expect(exitCode).toBe(1);
    expect(out).toContain('failed again: 3 × again');
  });

  it('of nothing says so, and ends with 0', async () => {
    const run = terminal(service([]));
    expect((await run('replay plan')).out).toContain('Nothing is selected');
    const { exitCode, out } = await run('replay start --yes --watch');
    expect([exitCode, out.includes('The selection was empty')]).toEqual([0, true]);
  });

  it('is paused, resumed and canceled', async () => {
    const s = service(mixed());
    const run = terminal(s);
    await run('replay start --yes');
    expect((await run('replay pause replay-1')).out).toContain('will pause');
    await s.w.run();
    expect((await run('replay resume replay-1')).out).toContain('is running');
    expect((await run('replay cancel replay-1')).out).toContain('will cancel');
    await s.w.run();
    expect((await run('replay resume replay-1')).exitCode).toBe(6);
    expect((await run('replay report replay-1')).exitCode).toBe(1);
  });
});

describe('a start of a replay', () => {
  it.each(['lost', 'bad-gateway'] as const)(
    'whose answer is %s is repeated under the same key, and starts one replay',
    async (spoiledBy) => {
      const s = service(mixed());
      const run = terminal(s, { spoiledStarts: 2, spoiledBy });
      const { exitCode, out } = await run('replay start --yes --class config');
      expect([exitCode, out]).toEqual([0, expect.stringContaining('Replay replay-1 started.')]);
      expect(s.w.started).toHaveLength(1);
    },
  );

  it('whose answers are all lost says how to find out whether it started', async () => {
    const run = terminal(service(mixed()), { spoiledStarts: 4 });
    const { exitCode, err } = await run('replay start --yes');
    expect([exitCode, err]).toEqual([5, expect.stringContaining('replay report replay-1\n')]);
    expect((await run('replay report replay-1')).out).toContain('Replay replay-1 of tenant-a');
  });

  it('that the service refuses is not repeated', async () => {
    const { exitCode, err } = await terminal(service(mixed()))('replay start --yes --rate 0');
    expect([exitCode, err]).toEqual([2, expect.not.stringContaining('report')]);
  });
});

describe('on a terminal of 80 columns', () => {
  const uuid = (no: number) => `9f0d2c4b-55a1-4e86-b7d4-${String(no).padStart(12, '0')}`;
  const longIds = () =>
    someFailed(3, (no) => ({
      guid: uuid(no),
      taskId: uuid(90 + no),
      sender: `MG${'0'.repeat(32)}`,
      errorCode: 'SCG_ERROR_40024',
      errorClass: 'config',
    }));

  it.each([
    'failed',
    'failed list',
    `failed show ${uuid(1)}`,
    'replay plan',
    'replay start --yes',
    'replay list',
    'replay report replay-1',
  ])('%s cuts nothing and breaks no id', async (line) => {
    const run = terminal(service(longIds()), { columns: 80 });
    await run('replay start --yes');
    const { out } = await run(line);
    expect(widthOf(out)).toBeLessThanOrEqual(80);
    expect(out).toMatch(/SCG_ERROR_40024|9f0d2c4b-55a1-4e86-b7d4-0{9}|replay-\d/);
  });

  it('lists each failed request in lines of its own, with all that the table has', async () => {
    const { out } = await terminal(service(longIds()), { columns: 80 })('failed list --limit 1');
    expect(out).toMatch(/^2026-03-02 \d\d:\d\d:\d\d · 9f0d2c4b-55a1-4e86-b7d4-0{11}\d/);
    expect(out).toMatch(/config\s· SCG_ERROR_40024 · replays 0\n {2}The account/);
  });

  it('follows a replay without cutting a number, and gives the cursor back', async () => {
    const s = service(mixed());
    await terminal(s)('replay start --yes');
    const screen = aScreen(80);
    await terminal(s, { screen })('replay watch replay-1');
    expect(screen.longestLine()).toBeLessThanOrEqual(80);
    expect(screen.written()).toMatch(/\d+% of 40 · sent \d+ · failed \d+ · waiting \d+ · skipped/);
    expect(screen.cursorIsShown()).toBe(true);
  });

  it('gives the cursor back when the service goes away under a replay that is watched', async () => {
    const s = service(mixed());
    await terminal(s)('replay start --yes');
    const screen = aScreen(80);
    const { exitCode } = await terminal(s, { screen, answersUntilSleep: true })(
      'replay watch replay-1',
    );
    expect(exitCode).toBe(5);
    expect(screen.written()).toContain(HIDE_CURSOR);
    expect(screen.cursorIsShown()).toBe(true);
  });

  it('gives the cursor back on Ctrl-C, and says which replay goes on', async () => {
    const s = service(mixed());
    await terminal(s)('replay start --yes');
    const screen = aScreen(80);
    const { err } = await terminal(s, { screen, pressesCtrlC: true })('replay watch replay-1');
    expect(err).toContain('Replay replay-1 continues in the background.');
    expect(screen.cursorShownAtCtrlC()).toBe(true);
  });
});

describe('exit codes and errors', () => {
  it.each([
    ['failed --class unlucky', 2],
    ['failed --since soon', 2],
    ['replay start --yes --rate fast', 2],
    ['replay start --yes --rate 0', 2],
    ['replay start --yes --rate 1000', 2],
    ['replay start --yes --canary -1', 2],
    ['dance', 2],
    ['failed list --since 1h --until 2h', 2],
    ['failed show guid-9', 3],
    ['failed --tenant nobody', 4],
    ['failed --code 4711', 3],
    ['replay report replay-9', 3],
    ['delivery guid-9', 3],
    ['failed --key wrong', 4],
    ['--help', 0],
    ['failed --help', 0],
  ])('%s ends with %i', async (line, code) => {
    const { exitCode, out, err } = await terminal(service(mixed()))(line);
    expect(exitCode).toBe(code);
    expect((code === 0 ? out : err).length).toBeGreaterThan(10);
    expect(err).not.toContain('    at ');
  });

  it.each([
    [{}, '', 'http://127.0.0.1:3000. Start the embedded stack with `npm start`, or name'],
    [{ PORT: '4000' }, '', ':4000. Start the embedded stack with `PORT=4000 npm start`, or name'],
    [{}, '--url https://api.example', 'https://api.example. Name'],
  ])('with %o, says what to start when nothing answers %s', async (env, flags, words) => {
    const { exitCode, err } = await alone(`failed ${flags}`, env);
    expect(exitCode).toBe(5);
    expect(err).toContain('Nothing answers at http');
    expect(err).toContain(`${words} another service with --url.\n`);
  });

  it.each([
    ['failed list --limit 0', '--limit is a whole number from 1 to 500\n'],
    ['replay start --yes --canary 1.5', '--canary is a whole number from 0 to 10000\n'],
    ['replay start --yes --rate 0', '--rate must be above 0: at least 0.01 messages per second\n'],
  ])('%s is answered in the words of its flags', async (line, words) => {
    expect((await terminal(service(mixed()))(line)).err).toBe(words);
  });

  it('names the flag of the tenant when one is needed', async () => {
    const many = service(mixed(), { tenants: '*' });
    const env = { CI360_CONNECTOR_URL: 'https://api.example', CI360_TENANT: undefined };
    const { exitCode, err } = await terminal(many, { env })('failed');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^--tenant \(or CI360_TENANT\) is needed/);
    expect((await terminal(many, { env })('failed purge')).err).toContain(
      '--tenant or CI360_TENANT',
    );
  });
});

/** A command line of which nothing is known but its environment, before a network that is down. */
async function alone(line: string, env: Record<string, string>) {
  let err = '';
  const calls: { url: string; key: string | null }[] = [];
  const exitCode = await runCli(line.split(' ').filter(Boolean), {
    out: () => {},
    err: (text) => {
      err += text;
    },
    env,
    fetch: (url, init) => {
      calls.push({ url, key: new Headers(init.headers).get('x-api-key') });
      return Promise.reject(new TypeError('fetch failed'));
    },
    now: () => BUILT_AT,
    newId: randomUUID,
    sleep: async () => {},
    ask: async () => undefined,
    onInterrupt: () => () => {},
    terminal: undefined,
  });
  return { exitCode, err, calls };
}

describe('the service spoken to', () => {
  const own = { tenant: 'local-tenant', key: 'local-operator-key' };
  it.each([
    ['failed', {}, 'http://127.0.0.1:3000', own],
    ['failed', { PORT: '4000' }, 'http://127.0.0.1:4000', own],
    ['failed --url http://localhost:4000', {}, 'http://localhost:4000', own],
    ['failed', { CI360_CONNECTOR_URL: 'http://127.0.0.1:81/' }, 'http://127.0.0.1:81', own],
    ['failed --url https://api.example', { PORT: '4000' }, 'https://api.example', {}],
    ['failed --url http://127.0.0.1.example', {}, 'http://127.0.0.1.example', {}],
    ['failed --url http://127.0.0.1@api.example', {}, 'http://127.0.0.1@api.example', {}],
    ['--tenant a --key b failed list', {}, 'http://127.0.0.1:3000', { tenant: 'a', key: 'b' }],
    ['failed --tenant a list', {}, 'http://127.0.0.1:3000', { tenant: 'a', key: own.key }],
    [
      'failed list --tenant a',
      { CI360_TENANT: 'c' },
      'http://127.0.0.1:3000',
      { ...own, tenant: 'a' },
    ],
    ['delivery guid-1 --tenant a', {}, 'http://127.0.0.1:3000', { ...own, tenant: 'a' }],
  ])('by %s with %o is %s, with its key and tenant', async (line, env, base, person) => {
    const { calls } = await alone(line, env);
    const [call] = calls;
    expect(call?.url.startsWith(`${base}/`)).toBe(true);
    const tenant = new URLSearchParams(call?.url.split('?')[1]).get('tenantId') ?? undefined;
    expect({ tenant, key: call?.key || undefined }).toEqual({
      tenant: undefined,
      key: undefined,
      ...person,
    });
  });
});

it.each([
  ['2h', '2026-03-02T07:00:00.000Z'],
  ['7d', '2026-02-23T09:00:00.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T08:00:00+01:00', '2026-03-01T07:00:00.000Z'],
  ['yesterday', undefined],
  ['7', undefined],
])('the time %s is %s', (text, time) => {
  expect(moment(text, BUILT_AT)).toBe(time);
});

it.each([
  [0, '0 s'],
  [59, '59 s'],
  [3725, '1 h 2 min'],
  [200_000, '2 d 7 h'],
])('%i seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

describe('delivery', () => {
  it('tells what happened to one message, and leaves out what there is nothing to say about', async () => {
    const s = service([]);
    await s.w.deliveries.insert(
      aDelivery({ guid: 'a', status: 'delivered', sentAt: BUILT_AT, providerMessageId: 'SM1' }),
    );
    const { exitCode, out } = await terminal(s)('delivery a');
    expect(exitCode).toBe(0);
    const rows = [...out.matchAll(/^│ (.+?) +│ (.+?) +│$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(rows).toEqual([
      ['Guid', 'a of tenant-a'],
      ['Status', 'delivered'],
      ['What', 'message over twilio (SMS)'],
      ['Task', 'task-1'],
      ['Provider’s id', 'SM1'],
      ['Sent', '2026-03-02 09:00:00 UTC'],
      ['Taken on', '2026-03-02 09:00:00 UTC'],
      ['Last change', '2026-03-02 09:00:00 UTC'],
    ]);
  });

  it('tells why one was not sent in words, as wide as a terminal', async () => {
    const s = service([]);
    await s.w.deliveries.insert(
      aDelivery({
        guid: 'b'.repeat(120),
        attempts: 2,
        doubt: { from: BUILT_AT, to: BUILT_AT + 1000 },
        lastError: {
          class: 'config',
          code: '20003',
          message: 'The account refused the credentials.',
          advice: 'Put the current auth token into the tenant secret, then replay. '.repeat(4),
        },
      }),
    );
    const { out } = await terminal(s)(`delivery ${'b'.repeat(120)}`);
    expect(out).toContain('config 20003: The account refused the credentials.');
    expect(out).toContain('between 2026-03-02 09:00:00 and 2026-03-02 09:00:01 UTC');
    expect(out).not.toMatch(/null|[{}"…]/);
    expect(out.match(/b/g)?.length).toBeGreaterThanOrEqual(120);
    expect(widthOf(out)).toBeLessThanOrEqual(100);
    const json = await terminal(s)(`delivery ${'b'.repeat(120)} --json`);
    expect(JSON.parse(json.out)).toMatchObject({ heldUntil: null, lastError: { code: '20003' } });
  });
});

describe('while a provider is down', () => {
  const lastError = {
    class: 'transient',
    code: '503',
    message: 'Twilio cannot be reached.',
    advice: 'Replay it once the provider is back.',
  } as const;
  const outage = async () => {
    const s = service([]);
    s.depths.outbound = { waiting: 12, inFlight: 340, delayed: 0 };
    s.depths.ci360Events = { waiting: 56, inFlight: 0, delayed: 0 };
    await s.w.deliveries.insert(
      aDelivery({ guid: 'w', lastError, attempts: 2, nextTryAt: BUILT_AT + 90_000 }),
    );
    return s;
  };

  it('failed says that messages may wait, and where to look', async () => {
    const { out } = await terminal(await outage())('failed');
    expect(out).toContain('Nothing has failed in this selection.');
    expect(out).toContain('still be waiting: npm run cli -- status');
  });

  it('status shows the backlog and its cause, within 80 columns', async () => {
    const run = terminal(await outage(), { columns: 80 });
    const { exitCode, out } = await run('status');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/to be sent +│ +12 │ +340/);
    expect(out).toMatch(/statuses +│ +56 /);
    expect(out).toContain('1 message, the oldest accepted 0 s ago');
    expect(out).toContain('1 × twilio transient 503: Twilio cannot be');
    expect(widthOf(out)).toBeLessThanOrEqual(80);
    expect(out.split('\n').length).toBeLessThanOrEqual(24);
    const { out: json } = await run('status --json');
    expect(JSON.parse(json)).toMatchObject({ messages: { retrying: { count: 1 } } });
  });

  it('delivery says when the next attempt is due, and gives no advice for failed ones', async () => {
    const s = await outage();
    const { out } = await terminal(s)('delivery w');
    expect(out).toMatch(/Next +│ The next attempt\. Not before 2026-03-02 09:01:30 UTC\./);
    expect(out).not.toContain('Replay it once');
  });

  it('delivery says which statuses Reported to CI360', async () => {
    const s = service([]);
    const reports = { sent: 'reported', delivered: BUILT_AT } as const;
    await s.w.deliveries.insert(aDelivery({ guid: 'r', status: 'delivered', reports }));
    const { out } = await terminal(s)('delivery r');
    expect(out).toMatch(/Reported to CI360 +│ sent, delivered \(not yet\)/);
  });
});

describe('opt-out', () => {
  const phone = '+12025550123';
  const optedOut = async () => {
    const s = service([]);
    await s.w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', s.w.clock());
    return s;
  };

  it('shows whether a number is opted out, by whom, and what to do', async () => {
    const run = terminal(await optedOut());
    const { exitCode, out } = await run(`opt-out show ${phone}`);
    expect(exitCode).toBe(0);
    expect(out).toContain('by twilio:STOP');
    expect(out).toContain('START');
    expect(out).not.toContain('2025550123');
    expect(widthOf(out)).toBeLessThanOrEqual(100);
    expect(out).toMatch(/│ Last statement +│ opted-out, \S+ \S+ UTC, by twilio:STOP/);
    const { out: json } = await run(`opt-out show ${phone} --json`);
    expect(JSON.parse(json)).toMatchObject({ optedOut: true, word: { source: 'twilio:STOP' } });
    const other = await run('opt-out show +12025550199 --json');
    expect([other.exitCode, JSON.parse(other.out).optedOut]).toEqual([0, false]);
  });

  it('lifts it after a confirmation only', async () => {
    const s = await optedOut();
    const no = await terminal(s, { answer: 'no' })(`opt-out lift ${phone}`);
    expect([no.exitCode, await s.w.optOuts.isOptedOut('tenant-a', phone)]).toEqual([2, true]);
    expect(no.err).toContain('by twilio:STOP');
    expect(no.err).toContain('Nothing was lifted: that was not the tenant id, tenant-a.');
    const yes = await terminal(s, { answer: 'tenant-a' })(`opt-out lift ${phone} --json`);
    expect(JSON.parse(yes.out)).toMatchObject({ word: { source: 'operator:on-call' } });
    expect([yes.exitCode, await s.w.optOuts.isOptedOut('tenant-a', phone)]).toEqual([0, false]);
  });

  it('says that there is nothing to lift before it asks anything', async () => {
    const { exitCode, err } = await terminal(service([]))(`opt-out lift ${phone}`);
    expect(exitCode).toBe(3);
    expect(err).toContain('not opted out: there is nothing to lift.');
    expect(err).not.toContain('--yes');
  });

  it.each(['show', 'lift --yes'])(
    '%s names a number that is none as it was given',
    async (what) => {
      const { exitCode, err } = await terminal(service([]))(`opt-out ${what} abc`);
      expect([exitCode, err]).toEqual([2, 'abc is not a telephone number that SMS can reach\n']);
    },
  );

  it('lifts it without a terminal when told --yes', async () => {
    const s = await optedOut();
    expect((await terminal(s)(`opt-out lift ${phone}`)).exitCode).toBe(2);
    expect((await terminal(s)(`opt-out lift ${phone} --yes`)).exitCode).toBe(0);
    expect((await terminal(s)(`opt-out lift ${phone} --yes`)).exitCode).toBe(3);
    expect((await terminal(s)('opt-out lift 123 --yes')).exitCode).toBe(2);
    const foreign = await terminal(s)(`opt-out lift ${phone} --yes --tenant tenant-b`);
    expect(foreign.exitCode).toBe(4);
  });
});
