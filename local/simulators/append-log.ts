import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

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

export function openLog(path: string): AppendLog {
  const file = openSync(path, 'a');
  // A line cut short must not swallow the first new one.
  if (existsSync(path) && !['', '\n'].includes(readFileSync(path, 'utf8').slice(-1)))
    writeSync(file, '\n');
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
