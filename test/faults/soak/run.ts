import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

/** `npm run soak -- --minutes 10` */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('--minutes is a number above 0.');
  process.exit(2);
}
const result = await soak(minutes, (line) => process.stderr.write(`${line}\n`));
console.log(JSON.stringify(result, undefined, 2));
process.exit(result.wrong.length === 0 ? 0 : 1);
