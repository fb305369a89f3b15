import { expect, it } from 'vitest';
import { paced } from '../../../adapters/ci360/paced.ts';
import { SECOND } from '../../../domain/clock.ts';
import { aTenantSecret } from '../../fakes/tenant-secrets.ts';

/** A gateway that notes when it is called, under a clock that moves only while someone sleeps. */
function setUp(perSecond: number, burst: number) {
  let now = 0;
  const calls: number[] = [];
  const gateway = paced(
    {
      inject: async () => {
        calls.push(now);
        return { kind: 'accepted' };
      },
    },
    {
      perSecond,
      burst,
      clock: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
  );
  const inject = () =>
    gateway.inject({ eventName: 'x' }, aTenantSecret(), new AbortController().signal);
  return { calls, inject, advance: (ms: number) => (now += ms) };
}

it('lets a batch through at once, and then so many a second', async () => {
  const { calls, inject } = setUp(20, 10);
  for (let n = 0; n < 50; n += 1) await inject();

  expect(calls.filter((at) => at === 0)).toHaveLength(10);
  expect(calls.at(-1)).toBe((40 * SECOND) / 20);
});

it('never makes more calls in any stretch of time than the rate and one burst', async () => {
  const { advance, calls, inject } = setUp(20, 10);
  for (let n = 0; n < 500; n += 1) {
    if (n % 37 === 0) advance(700);
    await inject();
  }

  for (const from of calls) {
    const within = calls.filter((at) => at >= from && at < from + 5 * SECOND);
    expect(within.length).toBeLessThanOrEqual(20 * 5 + 10);
  }
});

it('sets no limit with 0', async () => {
  const { calls, inject } = setUp(0, 10);
  for (let n = 0; n < 100; n += 1) await inject();

  expect(new Set(calls)).toEqual(new Set([0]));
});
