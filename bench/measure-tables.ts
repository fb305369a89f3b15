import { measureCalls, type Step } from './calls/measure-calls.ts';
import { callsTable } from './calls/table.ts';
import { coldStartTable } from './cold-start/cold-start.ts';
import type { Flags, TableName } from './flags.ts';
import type { Table } from './table.ts';

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
    'cold-start': async () => [await coldStartTable(5 * flags.rounds)],
    calls: async () => [callsTable(await steps())],
  };
  const tables: Table[] = [];
  for (const name of flags.tables) {
    say(`measuring ${name} …`);
    tables.push(...(await measure[name]()));
  }
  return tables;
}
