import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Bytes of all log files below `directory`, once the functions have written what they have to say. */
export async function settledLogSize(directory: string): Promise<number> {
  for (let size = await logSize(directory); ; ) {
    await wait(100);
    const next = await logSize(directory);
    if (next === size) return size;
    size = next;
  }
}

async function logSize(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
