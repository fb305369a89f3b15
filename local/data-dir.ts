import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The data directory cannot be used; one sentence. */
export class DataDirError extends Error {
  readonly code = 'data-dir';
}

const claimed = new Set<string>();

/** A process that was killed leaves its mark behind; only a living one counts. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Takes a data directory for one stack: two that write the same queues would lose messages. Gives the
 * function that lets go of it. Throws DataDirError when another stack holds it or it cannot be written.
 */
export async function claimDataDir(directory: string): Promise<() => Promise<void>> {
  const mark = join(directory, 'in-use-by');
  const holder = Number(await readFile(mark, 'utf8').catch(() => ''));
  const isOther = holder > 0 && holder !== process.pid && isAlive(holder);
  if (claimed.has(directory) || isOther) {
    throw new DataDirError(
      `The data directory ${directory} is in use by another run (process ${holder || process.pid}).`,
    );
  }
  claimed.add(directory);
  const release = async () => {
    claimed.delete(directory);
    await rm(mark, { force: true });
  };
  try {
    await mkdir(directory, { recursive: true });
    // Messages and numbers are in it. One that was made before this rule is closed too.
    await chmod(directory, 0o700);
    await writeFile(mark, String(process.pid));
  } catch (error) {
    claimed.delete(directory);
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new DataDirError(`The data directory ${directory} cannot be written${why}.`, {
      cause: error,
    });
  }
  return release;
}
