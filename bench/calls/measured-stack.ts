import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '../../local/stack.ts';
import { startCountingProxy } from '../aws/counting-proxy.ts';
import { Ledger } from '../aws/ledger.ts';
import { tableReader } from '../aws/table-reader.ts';
import { type QueuePump, queuePump } from './queue-pump.ts';

/** The stack with every AWS call of its functions counted, and its queues emptied by hand. */
export type MeasuredStack = {
  readonly stack: Stack;
  readonly ledger: Ledger;
  /** Hands what is on a queue to its function, as Lambda does. Its own calls are not counted. */
  readonly pump: QueuePump;
  readonly close: () => Promise<void>;
};

export async function startMeasuredStack(
  settings: Readonly<Record<string, string>> = {},
): Promise<MeasuredStack> {
  const ends: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const ledger = new Ledger();
    const logsDir = await mkdtemp(join(tmpdir(), 'bench-logs-'));
    ends.push(() => rm(logsDir, { recursive: true, force: true }));
    const stack = await startStack({
      eventSources: false,
      logsDir,
      settings,
      between: async (service, url) => {
        const tables = service === 'DYNAMODB' ? tableReader(url) : undefined;
        const proxy = await startCountingProxy(url, ledger, tables);
        ends.push(proxy.close, () => tables?.close());
        return proxy.url;
      },
    });
    ends.push(stack.close);
    const pump = queuePump(stack);
    ends.push(pump.close);
    return { stack, ledger, pump, close };
  } catch (error) {
    await close();
    throw error;
  }
}
