import { expect, it } from 'vitest';
import { runSeed } from './model/run.ts';

const SEEDS = 2000;

it('in every interleaving no event is sent twice, none is lost, and no record denies what a provider has', async () => {
  const reached = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const run = await runSeed(seed);
    if (run.broken.length > 0) {
      const { trace } = await runSeed(seed, { traced: true });
      throw new Error(`seed ${seed}: ${run.broken.join('; ')}\n${trace.join('\n')}`);
    }
    for (const [what, times] of Object.entries(run.reached)) {
      reached.set(what, (reached.get(what) ?? 0) + times);
    }
  }
  // A run in which nothing happens would hold as well.
  for (const what of [
    'delivery sent',
    'delivery unknown',
    'delivery failed',
    'delivery delivered',
    'lease taken over',
    'handed over',
    'redriven',
    'requeued',
    'callback',
    'death',
  ]) {
    expect(reached.get(what) ?? 0, what).toBeGreaterThan(100);
  }
}, 300_000);
