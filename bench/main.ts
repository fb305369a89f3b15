import { writeFile } from 'node:fs/promises';
import { readFlags, UsageError } from './flags.ts';
import { improvements } from './improvements.ts';
import { machine } from './measure/machine.ts';
import { measureTables } from './measure-tables.ts';
import { page, report } from './report.ts';
import { toJson } from './table.ts';

/** `npm run bench`: measures, and prints what it found. */
async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  const tables = await measureTables(flags, (sentence) => console.error(sentence));
  const setting = { machine: machine(), takenAt: new Date().toISOString().slice(0, 10) };
  if (flags.write) {
    await writeFile(
      new URL('../docs/performance.md', import.meta.url),
      page(setting, [...tables, improvements]),
    );
  }
  console.log(
    flags.json
      ? JSON.stringify({ ...setting, tables: tables.map(toJson) })
      : report(setting, tables),
  );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const sentence =
      error instanceof UsageError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    const exitCode = error instanceof UsageError ? error.exitCode : 1;
    if (exitCode === 0) console.log(sentence);
    else console.error(sentence);
    process.exit(exitCode);
  },
);
