import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

/** `npm run fuzz -- --requests 100000 --seed 1` */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const requests = Number(values.requests);
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('--requests and --seed are whole numbers.');
  process.exit(2);
}
const result = await fuzz(requests, seed, (done) => {
  if (done % 5000 === 0) process.stderr.write(`${done} requests\n`);
});
console.log(JSON.stringify(result, undefined, 2));
process.exit(result.wrong.length === 0 ? 0 : 1);
