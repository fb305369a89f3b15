import { createInterface } from 'node:readline/promises';
import { exitCodes, Interrupted } from './exit.ts';

/** A reader that goes away early (`| head`) is no error. */
export function quietWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.ok);
  });
}

/** 128 + the signal's number, as shells count it. */
const exitCodeOf = { SIGINT: exitCodes.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

const leaving = new Set<() => void>();

function end(signal: keyof typeof exitCodeOf): void {
  for (const leave of leaving) leave();
  process.exit(exitCodeOf[signal]);
}

/** Has `leave` called when a signal ends the process; gives the function that takes it back. */
export function onInterrupt(leave: () => void): () => void {
  if (leaving.size === 0) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  }
  leaving.add(leave);
  return () => {
    leaving.delete(leave);
  };
}

type Streams = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };

/**
 * Asks on a terminal. Ctrl-D is an empty answer; Ctrl-C throws `Interrupted`, where readline alone throws
 * an error that nobody expects. Either way the terminal is given back as it was.
 */
export async function askOn({ input, output }: Streams, question: string): Promise<string> {
  const terminal = createInterface({ input, output, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('SIGINT', () => {
        output.write('\n');
        reject(new Interrupted());
      });
      terminal.once('close', () => resolve(''));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}

/** Asks where someone can answer: undefined when standard input is no terminal. */
export const ask = async (question: string): Promise<string | undefined> =>
  process.stdin.isTTY
    ? askOn({ input: process.stdin, output: process.stderr }, question)
    : undefined;
