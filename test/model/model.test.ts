import { describe, expect, it } from 'vitest';
import { runSeed } from './run.ts';
import { allDimensions, type Dimension } from './scenario.ts';
import type { Spoil } from './system.ts';

/** Where campaigns are held, fewer attempts are made that could go wrong. */
const withoutHolds = allDimensions.filter((name) => name !== 'holds');
const MOST_TRIES = 400;
/** Seeds until a promise is seen broken, under a part that was broken on purpose. */
async function seedsUntil(
  sentence: string,
  spoil: Spoil,
  dimensions: readonly Dimension[] = allDimensions,
): Promise<number> {
  for (let seed = 1; seed <= MOST_TRIES; seed += 1) {
    const { broken } = await runSeed(seed, { dimensions, spoil });
    if (broken.some((one) => one.includes(sentence))) return seed;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a run of the model', () => {
  it('one seed gives one run', async () => {
    const first = await runSeed(7, { traced: true });
    const second = await runSeed(7, { traced: true });

    expect(first.trace.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });
});

describe('the model notices', () => {
  it('a look-up that finds nothing', async () => {
    const blind = (deps: Parameters<Spoil>[0]['gateways']['twilio']) => ({
      ...deps,
      lookUp: async () => ({ kind: 'absent' }) as const,
    });
    const seeds = await seedsUntil('was sent 2 times', (deps) => ({
      ...deps,
      gateways: { twilio: blind(deps.gateways.twilio), scg: blind(deps.gateways.scg) },
    }));

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });

  it('a lease and a grace that are shorter than a worker lives', async () => {
    const seeds = await seedsUntil(
      'was sent 2 times',
      (deps) => ({
        ...deps,
        policy: { ...deps.policy, leaseMs: 6000, inDoubtGraceMs: 1000 },
      }),
      withoutHolds,
    );

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });

  it('a claim that is given to everyone', async () => {
    const seeds = await seedsUntil('was sent 2 times', (deps) => ({
      ...deps,
      deliveries: {
        ...deps.deliveries,
        insert: async (delivery) => {
          await deps.deliveries.insert(delivery);
          return true;
        },
      },
    }));

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });

  it('a failed message that is handed to nobody', async () => {
    const seeds = await seedsUntil('is lost', (deps) => ({
      ...deps,
      deadLetters: { handOver: async () => {} },
    }));

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });

  it('a hold store that forgets', async () => {
    const seeds = await seedsUntil('is lost', (deps) => ({
      ...deps,
      holdStore: { keep: async () => {} },
    }));

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });

  it('a worker that does not ask whether a message may leave', async () => {
    const seeds = await seedsUntil('left while its campaign was held or stopped', (deps) => ({
      ...deps,
      mayLeaveNow: async () => ({ kind: 'send' }),
    }));

    expect(seeds).toBeLessThanOrEqual(MOST_TRIES);
  });
});
