import type { Replay, Sample } from './replay.ts';

/** The latest outcomes that decide: few enough to see at once that a token has died, enough to mean something. */
const WINDOW = 200;
/** Fewer outcomes than this say nothing about the rest. */
const ENOUGH_TO_JUDGE = 20;

type Counts = Pick<Replay['outcomes'], 'resolved' | 'failed'>;

/** What settled after a sample was taken. Another replay may have taken some of them over since. */
const since = (sample: Sample, now: Counts) => {
  const failed = Math.max(0, now.failed - sample.failed);
  const resolved = Math.max(0, now.resolved - sample.resolved);
  return { failed, settled: failed + resolved };
};

/**
 * The share of failures among the latest outcomes: those since the latest sample that lies at least
 * `WINDOW` outcomes back, or since the first. Undefined while there are too few to judge by.
 */
export function recentFailures(samples: readonly Sample[], now: Counts): number | undefined {
  const base = samples.findLast((sample) => since(sample, now).settled >= WINDOW) ?? samples[0];
  if (base === undefined) return undefined;
  const { failed, settled } = since(base, now);
  return settled < ENOUGH_TO_JUDGE ? undefined : failed / settled;
}

/** The samples to keep, with this count: one at the window's far end, and one for each few outcomes after it. */
export function sampled(samples: readonly Sample[], { resolved, failed }: Counts): Sample[] {
  const last = samples.at(-1);
  const now = { resolved, failed };
  if (last !== undefined && since(last, now).settled < ENOUGH_TO_JUDGE) return [...samples];
  const from = samples.findLastIndex((sample) => since(sample, now).settled >= WINDOW);
  return [...samples.slice(Math.max(0, from)), now];
}
