import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError, exitCodes } from './exit.ts';

/** The text of a file; `-` is standard input. */
export async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch {
    throw new CliError(exitCodes.usage, `${path} cannot be read.`);
  }
}
