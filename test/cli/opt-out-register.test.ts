import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { service } from '../domain/operator/service.ts';
import { terminal } from './terminal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opt-outs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const list = [
  '\uFEFFNumber;State;At;Source;Note',
  '+12025550123;opted-out;2025-11-01T09:30:00Z;crm;by letter',
  '+12025550124;opted_out;2025-11-02;;',
  '1.2025550125E+10;opted-out;2025-11-02;;',
  '+12025550126;maybe;2025-11-02;;',
  '+12025550127;opted-in;yesterday;;',
  'nobody;opted-out;2025-11-02;;',
  '',
].join('\r\n');

it('counts a list without recording it, and names the lines that cannot be used', async () => {
  const s = service([]);
  const run = terminal(s);
  const path = await file('list.csv', list);
  const { out, err, exitCode } = await run(`opt-out import ${path} --dry-run`);
  expect(exitCode).toBe(2);
  expect(out).toContain('Would be recorded');
  expect(out).toContain('line 4: number is in scientific notation');
  expect(out).toContain('line 5: state is opted-out or opted-in');
  expect(out).toContain('line 6: at is a time such as');
  expect(out).toContain('line 7: number');
  expect(err).toContain('4 lines were refused');
  expect(await s.w.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(false);
});

it('records a list once the tenant is typed, and changes nothing when it is repeated', async () => {
  const s = service([]);
  const path = await file('good.csv', list.split('\r\n').slice(0, 3).join('\n'));
  const refused = await terminal(s, { answer: 'no' })(`opt-out import ${path}`);
  expect(refused.err).toContain('Nothing was recorded');
  expect(await s.w.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(false);

  const done = await terminal(s, { answer: 'tenant-a' })(`opt-out import ${path}`);
  expect(done.exitCode).toBe(0);
  expect(await s.w.optOuts.isOptedOut('tenant-a', '+12025550124')).toBe(true);
  const again = await terminal(s)(`opt-out import ${path} --yes --json`);
  expect(JSON.parse(again.out)).toMatchObject({ recorded: 0, known: 2, refused: 0 });
});

it('never lets a list lift a STOP', async () => {
  const s = service([]);
  await s.w.optOuts.optOut('tenant-a', '+12025550123', 'twilio:STOP', 1_000, 'SM1');
  const path = await file(
    'in.csv',
    'number,state,at\n+12025550123,opted-in,2025-11-02T00:00:00Z\n',
  );
  await terminal(s)(`opt-out import ${path} --yes`);
  expect(await s.w.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
});

it('refuses a file without the columns that are needed', async () => {
  const path = await file('wrong.csv', 'phone,state\n+12025550123,opted-out\n');
  const { err, exitCode } = await terminal(service([]))(`opt-out import ${path} --yes`);
  expect([exitCode, err]).toEqual([2, expect.stringContaining('Missing: number, at.')]);
});

it('prints a register that can be imported again', async () => {
  const s = service([]);
  const run = terminal(s);
  const added = await run('opt-out add +12025550123 --source phone --note =1+1');
  expect(added.out).toContain('is opted out');
  const exported = await run('opt-out export');
  expect(exported.out.split('\n')[0]).toBe('number,state,at,source,note');
  expect(exported.out).toMatch(/\+12025550123,opted-out,.*,operator:on-call:phone,'=1\+1/);

  const other = service([]);
  const path = await file('exported.csv', exported.out);
  await terminal(other)(`opt-out import ${path} --yes`);
  expect(await other.w.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
  const history = await terminal(other)('opt-out history +12025550123');
  expect(history.out).toContain('opted-out, by import:operator:on-call:phone');
});
