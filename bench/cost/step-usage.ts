import { STORED_OVERHEAD } from '../../local/emulators/item-size.ts';
import type { Step } from '../calls/measure-calls.ts';
import type { Usage } from './usage.ts';

/** What the counts do not tell. */
export type Assumptions = {
  /** Billed ms of one invocation by function, batches full, without the waiting for others. */
  readonly ownMs: Readonly<Record<string, number>>;
  /** What a provider or CI360 takes to answer, ms. A batch waits once, for all of its records. */
  readonly providerMs: number;
  readonly memoryMegabytes: (functionKey: string) => number;
  /** Records that an invocation gets, 1 to 10. The counts were taken with 10. */
  readonly batch: number;
};

/** The part of a counted step that is billed. */
export type Billed = Pick<
  Step,
  | 'invocations'
  | 'records'
  | 'queue'
  | 'writeUnits'
  | 'readUnits'
  | 'logBytes'
  | 'transitions'
  | 'items'
>;

const behindQueue = new Set(['worker', 'ci360-injector', 'dead-letter']);
const behindApi = new Set([
  'ingress',
  'operator',
  'twilio-status',
  'twilio-inbound',
  'direct-connector',
]);
/** Who waits for a provider or for CI360. */
const waiting = new Set(['worker', 'ci360-injector', 'direct-connector']);

/** Lambda's own log lines of an invocation (START, END, REPORT). */
const PLATFORM_LOG_BYTES = 400;
/** Active tracing takes one request a second and this share of the others. */
const TRACED = 0.05;
const COUNTED_BATCH = 10;

/** What one message of this step uses. */
export function stepUsage(step: Billed, assumed: Assumptions): Usage {
  const { ownMs, providerMs, memoryMegabytes, batch } = assumed;
  const invocations = Object.entries(step.invocations).map(([key, counted]) => {
    const split = behindQueue.has(key) ? COUNTED_BATCH / batch : 1;
    const wait = waiting.has(key) ? providerMs : 0;
    return { key, count: counted * split, ms: (ownMs[key] ?? 0) / split + wait };
  });
  const sum = (of: (invocation: { key: string; count: number; ms: number }) => number) =>
    invocations.reduce((total, invocation) => total + of(invocation), 0);
  const count = sum((each) => each.count);
  return {
    httpApiRequests: sum((each) => (behindApi.has(each.key) ? each.count : 0)),
    lambdaRequests: count,
    lambdaGigabyteSeconds: sum(
      (each) => (each.count * each.ms * memoryMegabytes(each.key)) / 1000 / 1024,
    ),
    // A receive and a delete for each batch.
    sqsRequests: step.queue + (2 * step.records) / batch,
    writeUnits: step.writeUnits,
    readUnits: step.readUnits,
    storedGigabyteMonths:
      step.items.reduce((total, { bytes }) => total + bytes + STORED_OVERHEAD, 0) / 1e9,
    indexGigabyteMonths: step.items.reduce((total, { indexBytes }) => total + indexBytes, 0) / 1e9,
    logGigabytes: (step.logBytes + count * PLATFORM_LOG_BYTES) / 1e9,
    transitions: step.transitions,
    traces: count * TRACED,
  };
}
