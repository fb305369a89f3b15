import { readFileSync, statSync } from 'node:fs';

/**
 * Loaded into a function's thread: its calendar is wrong by as many milliseconds as the file
 * FAULTS_CLOCK_FILE says. Read again every second of real time, so that a scenario can turn it.
 */
const file = process.env.FAULTS_CLOCK_FILE ?? '';
const realNow = Date.now;
let offset = 0;
let lookedAt = Number.NEGATIVE_INFINITY;
let changedAt: number | undefined;

function currentOffset(): number {
  if (file === '') return 0;
  if (performance.now() - lookedAt < 1000) return offset;
  lookedAt = performance.now();
  const { mtimeMs } = statSync(file);
  if (mtimeMs !== changedAt) {
    changedAt = mtimeMs;
    offset = Number(readFileSync(file, 'utf8')) || 0;
  }
  return offset;
}

const RealDate = Date;
const shiftedNow = () => realNow() + currentOffset();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
  apply: () => new RealDate(shiftedNow()).toString(),
  get: (target, property, receiver) =>
    property === 'now' ? shiftedNow : Reflect.get(target, property, receiver),
});
