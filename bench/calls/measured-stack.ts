import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '../../local/stack.ts';
import { startCountingProxy } from '../aws/counting-proxy.ts';
import { Ledger } from '../aws/ledger.ts';
import { type TableReader, tableReader } from '../aws/table-reader.ts';
import { type QueuePump, queuePump } from './queue-pump.ts';

/** The stack with every call of its functions to queues, tables and secrets counted, and its queues emptied by hand. */
export type MeasuredStack = {
  readonly stack: Stack;
  readonly ledger: Ledger;
  /** Hands what is on a queue to its function, as Lambda does. Its own calls are not counted. */
  readonly pump: QueuePump;
  /** What stands in the tables; reading it is not counted. */
  readonly tables: TableReader;
  readonly close: () => Promise<void>;
};

export async function startMeasuredStack({
  settings = {},
  isCounted = true,
}: {
  readonly settings?: Readonly<Record<string, string>>;
  /** Without, nothing stands between the functions and AWS, and the ledger stays empty. */
  readonly isCounted?: boolean;
} = {}): Promise<MeasuredStack> {
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
        // Executions are counted by their own history.
        if (!isCounted || service === 'SFN') return url;
        const reader = service === 'DYNAMODB' ? tableReader(url) : undefined;
        if (reader) ends.push(reader.close);
        const proxy = await startCountingProxy(url, ledger, reader);
        ends.push(proxy.close);
        return proxy.url;
      },
    });
    ends.push(stack.close);
    const pump = queuePump(stack);
    ends.push(pump.close);
    const tables = tableReader(stack.awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '');
    ends.push(tables.close);
    return { stack, ledger, pump, tables, close };
  } catch (error) {
    await close();
    throw error;
  }
}
