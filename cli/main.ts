import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './run.ts';
import { ask, onInterrupt, quietWhenNobodyReads } from './terminal.ts';

quietWhenNobodyReads(process.stdout);
quietWhenNobodyReads(process.stderr);

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  fetch,
  now: Date.now,
  newId: randomUUID,
  sleep: async (ms) => {
    await sleep(ms);
  },
  ask,
  onInterrupt,
  terminal: process.stdout.isTTY ? process.stdout : undefined,
});
