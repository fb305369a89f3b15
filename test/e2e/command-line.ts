import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { runCli } from '../../cli/run.ts';
import type { Stack } from '../../local/stack.ts';

/** The command line against the stack; its answer as JSON. */
export async function commandLine<T>(
  stack: Pick<Stack, 'url'>,
  line: string,
  schema: z.ZodType<T>,
): Promise<{ code: number; answer: T }> {
  let out = '';
  let err = '';
  const code = await runCli([...line.split(' '), '--json'], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {
      CI360_CONNECTOR_URL: stack.url,
      CI360_OPERATOR_KEY: 'local-operator-key',
      CI360_TENANT: 'local-tenant',
    },
    fetch,
    now: Date.now,
    newId: randomUUID,
    sleep: async (ms) => {
      await sleep(ms / 5);
    },
    ask: async () => undefined,
    onInterrupt: () => () => {},
    terminal: undefined,
  });
  if (err !== '') throw new Error(err);
  return { code, answer: schema.parse(JSON.parse(out)) };
}
