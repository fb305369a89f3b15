import { describe, expect, it } from 'vitest';
import { Agenda } from '../../bench/limits/agenda.ts';
import { type Setting, simulate } from '../../bench/limits/simulate.ts';

const setting = (over: Partial<Setting>): Setting => ({
  campaigns: [{ messages: 1000, startsAt: 0, perSecond: 1000 }],
  isFair: true,
  maximumConcurrency: 10,
  batchSize: 10,
  batchSeconds: 0.25,
  backoff: { baseSeconds: 5, maxSeconds: 900 },
  sendRetries: 2,
  ...over,
});

it('an agenda runs what is due in its order', () => {
  const agenda = new Agenda();
  const seen: number[] = [];
  for (const at of [5, 1, 4, 2, 3, 1]) agenda.add(at, () => seen.push(agenda.now));
  agenda.run(() => seen.length === 5);

  expect(seen).toEqual([1, 1, 2, 3, 4]);
});

describe('the simulation', () => {
  it('sends every message once when the provider has no limit', () => {
    const { tries, waits, mostConcurrent } = simulate(setting({}));

    expect(tries).toBe(1);
    expect(waits).toHaveLength(1);
    expect(mostConcurrent).toBe(10);
  });

  it('is as fast as its batches and instances allow, and no faster', () => {
    const campaigns = [{ messages: 20_000, startsAt: 0, perSecond: 20_000 }];
    const { perSecond } = simulate(setting({ campaigns }));

    expect(perSecond).toBeLessThanOrEqual((10 * 10) / 0.25);
    expect(perSecond).toBeGreaterThan(0.9 * ((10 * 10) / 0.25));
  });

  it('never sends more from one sender than the provider takes', () => {
    const { perSecond, tries } = simulate(setting({ senderPerSecond: 20 }));

    // The first second's worth may go at once.
    expect(perSecond).toBeLessThanOrEqual((20 * 1000) / (1000 - 20));
    expect(tries).toBeGreaterThan(1);
  });

  it('calls the provider once for each time the queue gives out a throttled message', () => {
    const { tries, receives } = simulate(setting({ senderPerSecond: 20 }));

    expect(receives).toBeGreaterThan(1);
    expect(tries).toBe(receives);
  });

  it('lets a small tenant past a large one, on a fair queue only', () => {
    const campaigns = [
      { messages: 20_000, startsAt: 0, perSecond: 20_000 },
      { messages: 20, startsAt: 5, perSecond: 20 },
    ];
    const wait = (isFair: boolean) => simulate(setting({ campaigns, isFair })).waits[1]?.p99 ?? 0;

    expect(wait(true)).toBeLessThan(1);
    expect(wait(false)).toBeGreaterThan(10);
  });

  it('comes to the same each time', () => {
    const limited = setting({ senderPerSecond: 20 });
    expect(simulate(limited)).toEqual(simulate(limited));
  });
});
