import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { campaign } from '../rig/campaign.ts';
import type { Reach } from '../rig/outside.ts';
import { until, watch } from '../rig/rig.ts';
import { allSent, atRest, type Scenario } from '../scenario.ts';

const strings = z.record(z.string(), z.string());
const reachSchema = z.object({
  url: z.string(),
  simUrl: z.string(),
  awsEnv: strings,
  settings: strings,
});

type Running = { readonly process: ChildProcess; readonly reach: Reach };

async function start(dataDir: string): Promise<Running> {
  const module = new URL('../rig/stack-process.ts', import.meta.url);
  const child = fork(module, [dataDir], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = await once(child, 'message');
  return { process: child, reach: reachSchema.parse(message) };
}

async function kill({ process }: Running): Promise<void> {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

/** The process with queues, tables, functions and providers dies while messages are on their way. */
export const stackKilled: Scenario = {
  name: 'whole-stack-killed-and-restarted',
  invariant: 'Every event that was answered 202 before the stack died is sent after it, once.',
  run: async (messages) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'faults-stack-'));
    let running = await start(dataDir);
    const watched = watch(() => running.reach);
    try {
      const events = campaign(messages);
      const half = Math.floor(messages / 2);
      for (const part of [events.slice(0, half), events.slice(half)]) {
        const posting = watched.post(part, { again: 0 });
        // Some are sent, some are on their way, some have not been posted.
        await until(
          async () => (await watched.outside().acceptedMessages()).length >= half / 3,
          'the first messages to be sent',
        );
        await kill(running);
        await posting;
        running = await start(dataDir);
        // CI360 posts again what got no answer; much of it had been taken.
        await watched.post(part);
      }
      const broken = await atRest(watched);
      const books = await watched.books();
      return { books, broken: [...broken, ...allSent(books)] };
    } finally {
      watched.close();
      await kill(running);
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};
