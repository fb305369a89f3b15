import { acknowledgementTable } from './acknowledgement/acknowledgement.ts';
import { measureCalls, type Step } from './calls/measure-calls.ts';
import { callsTable } from './calls/table.ts';
import { coldStartTable } from './cold-start/cold-start.ts';
import { costTables } from './cost/cost.ts';
import { measureOwnMs } from './cost/own-time.ts';
import type { Flags, TableName } from './flags.ts';
import { lanesTable } from './limits/lanes-table.ts';
import { limitsTables } from './limits/limits.ts';
import { quotasTable } from './limits/quotas.ts';
import { wayBackTable } from './limits/way-back.ts';
import { memoryMegabytes } from './serverless-file.ts';
import type { Table } from './table.ts';
import { endToEndTable } from './throughput/end-to-end.ts';
import { workerThroughputTable } from './throughput/worker-throughput.ts';

/** Measures what was asked for, one table after another. Gives a sentence at the start of each. */
export async function measureTables(
  flags: Flags,
  say: (sentence: string) => void,
): Promise<readonly Table[]> {
  let counted: Promise<readonly Step[]> | undefined;
  const steps = () => {
    counted ??= measureCalls();
    return counted;
  };
  const measure: Readonly<Record<TableName, () => Promise<readonly Table[]>>> = {
    ack: async () => [await acknowledgementTable(flags.rounds)],
    throughput: async () => [
      await workerThroughputTable(flags.rounds),
      await endToEndTable(flags.campaign),
    ],
    'cold-start': async () => [await coldStartTable(5 * flags.rounds)],
    calls: async () => [callsTable(await steps())],
    cost: async () => costTables(await steps(), await measureOwnMs(memoryMegabytes), flags.volume),
    limits: async () => [quotasTable(), wayBackTable(), ...limitsTables(), lanesTable()],
  };
  const tables: Table[] = [];
  for (const name of flags.tables) {
    say(`measuring ${name} …`);
    tables.push(...(await measure[name]()));
  }
  return tables;
}
