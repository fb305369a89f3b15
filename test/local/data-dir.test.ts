import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimDataDir } from '../../local/data-dir.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-dir-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('a data directory belongs to one stack at a time', async () => {
  const release = await claimDataDir(directory);
  await expect(claimDataDir(directory)).rejects.toThrow(/is in use by another run/);
  await release();
  await (await claimDataDir(directory))();
});

it('a data directory of another living process is refused, of a dead one taken over', async () => {
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  await once(other, 'spawn');
  await writeFile(join(directory, 'in-use-by'), String(other.pid));
  await expect(claimDataDir(directory)).rejects.toThrow(`(process ${other.pid})`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await (await claimDataDir(directory))();
});

it('a data directory can be read by its owner only, also one that was there before', async () => {
  await chmod(directory, 0o755);
  for (const data of [directory, join(directory, 'new', 'data')]) {
    await (await claimDataDir(data))();
    expect(((await stat(data)).mode & 0o777).toString(8)).toBe('700');
  }
});

it('a data directory that cannot be written is refused in a sentence', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(claimDataDir(file)).rejects.toThrow(/cannot be written \(EEXIST\)/);
});
