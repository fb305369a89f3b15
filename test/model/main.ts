import { parseArgs } from 'node:util';
import { runSeed } from './run.ts';
import { allDimensions, dimensions, isDimension } from './scenario.ts';

/** `npm run model -- --seeds 20000 --seed 1`; one seed with its trace: `--seed 17 --seeds 1 --trace`. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    without: { type: 'string', default: '' },
    trace: { type: 'boolean', default: false },
    most: { type: 'string', default: '5' },
    list: { type: 'boolean', default: false },
  },
});
if (values.list) {
  for (const [name, what] of Object.entries(dimensions)) console.log(`${name}: ${what}`);
  process.exit(0);
}
const [seeds, first, most] = [values.seeds, values.seed, values.most].map(Number);
const without = values.without.split(',').filter((name) => name !== '');
const unknown = without.find((name) => !isDimension(name));
if (!Number.isInteger(seeds) || !Number.isInteger(first) || !Number.isInteger(most) || unknown) {
  console.error(unknown ? `There is no dimension "${unknown}"; see --list.` : 'Numbers are whole.');
  process.exit(2);
}
const enabled = allDimensions.filter((name) => !without.includes(name));

let failures = 0;
const startedAt = Date.now();
for (let seed = first ?? 1; seed < (first ?? 1) + (seeds ?? 0); seed += 1) {
  const run = await runSeed(seed, { dimensions: enabled, traced: values.trace });
  if (values.trace) console.log(run.trace.join('\n'));
  if (run.broken.length === 0) continue;
  failures += 1;
  if (failures <= (most ?? 5)) console.log(`seed ${seed}: ${run.broken.join('; ')}`);
}
console.log(
  `${seeds} seeds, ${failures} broken, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
);
process.exit(failures === 0 ? 0 : 1);
