import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../measure/percentile.ts';
import { sideBySide } from '../measure/side-by-side.ts';
import { readServerlessFile } from '../serverless-file.ts';
import { round, type Table } from '../table.ts';
import { type Bundle, bundle } from './bundle.ts';
import { importMs } from './import-time.ts';

/** Bundle sizes and load times of every function, against the same function with whole-package imports. */
export async function coldStartTable(rounds: number): Promise<Table> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-bundles-'));
  try {
    const keys = Object.keys(readServerlessFile().functions);
    const bundles = new Map<string, { deployed: Bundle; whole: Bundle }>();
    for (const key of keys) {
      bundles.set(key, {
        deployed: await bundle(key, 'as-deployed', directory),
        whole: await bundle(key, 'whole', directory),
      });
    }
    const empty = join(directory, 'empty.cjs');
    await writeFile(empty, '');

    const contestants = Object.fromEntries([
      ['empty', () => importMs(empty)],
      ...[...bundles].flatMap(([key, { deployed, whole }]) => [
        [key, () => importMs(deployed.file)],
        [`whole ${key}`, () => importMs(whole.file)],
      ]),
    ]);
    const times = await sideBySide<number>(contestants, rounds);
    const msOf = (name: string) =>
      Math.max(0, median(times.get(name) ?? []) - median(times.get('empty') ?? []));
    return table(
      [...bundles].map(([key, { deployed, whole }]) => ({
        key,
        deployed: { kilobytes: deployed.kilobytes, ms: msOf(key) },
        whole: { kilobytes: whole.kilobytes, ms: msOf(`whole ${key}`) },
      })),
      rounds,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type Load = { readonly kilobytes: number; readonly ms: number };

const table = (
  functions: readonly { key: string; deployed: Load; whole: Load }[],
  rounds: number,
): Table => ({
  name: 'cold-start',
  title: 'Cold start',
  about: [
    `What Lambda has to load before a function's first answer: the size of its bundle, and the time that a fresh process takes to load it (median of ${rounds}, less an empty module), with source maps on as they are on Lambda. "Whole" is the same function with the usual imports: \`import { z } from 'zod'\`, the whole \`twilio\` client where parts of it are used, every way to find AWS credentials.`,
  ],
  columns: ['function', 'KB', 'ms', 'whole KB', 'whole ms', 'KB ratio', 'ms ratio'],
  rows: functions.map(({ key, deployed, whole }) => [
    key,
    deployed.kilobytes,
    round(deployed.ms, 1),
    whole.kilobytes,
    round(whole.ms, 1),
    round(whole.kilobytes / deployed.kilobytes, 1),
    deployed.ms < 1 ? null : round(whole.ms / deployed.ms, 1),
  ]),
});
