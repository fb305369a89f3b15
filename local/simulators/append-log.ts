import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';

/**
 * A file of JSON lines. A line is in the operating system's hands before `append` returns, so it
 * survives the process being killed; a last line cut short by that is left out when read again.
 */
export type AppendLog = {
  readonly append: (entry: unknown) => void;
  readonly clear: () => void;
  readonly close: () => void;
};

/** The whole entries of the file, or none when there is no file. */
export function readLog(path: string): unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line)] : [];
      } catch {
        return [];
      }
    });
}

/** Rewrites the file with these entries, those read from it that still count, so that it does not grow for ever. */
export function openLog(path: string, entries: Iterable<unknown>): AppendLog {
  const next = `${path}.next`;
  // Appending, so that a write after `clear` begins at the new end.
  const file = openSync(next, 'a');
  ftruncateSync(file);
  let chunk = '';
  for (const entry of entries) {
    chunk += `${JSON.stringify(entry)}\n`;
    if (chunk.length < 64 * 1024) continue;
    writeSync(file, chunk);
    chunk = '';
  }
  writeSync(file, chunk);
  renameSync(next, path);
  let isOpen = true;
  return {
    // Once closed, the descriptor may be another file's.
    append: (entry) => {
      if (isOpen) writeSync(file, `${JSON.stringify(entry)}\n`);
    },
    clear: () => {
      if (isOpen) ftruncateSync(file);
    },
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/** In place of a file where there is no data directory. */
export const noLog: AppendLog = { append: () => {}, clear: () => {}, close: () => {} };
