import { describe, expect, it } from 'vitest';
import { type LanesSetting, simulateLanes } from '../../bench/limits/lanes.ts';

const at = (perSecond: number, messagesEach: number, over: Partial<LanesSetting> = {}) =>
  simulateLanes({
    tenants: 1,
    messagesEach,
    configured: perSecond,
    start: perSecond,
    allowed: () => perSecond,
    postedPerSecond: 5000,
    workers: 50,
    laneWorkers: 100,
    ...over,
  });

describe('senders with a limit, in lanes', () => {
  it.each([
    [1, 300, 0.9],
    [10, 2000, 0.97],
    [100, 10_000, 0.97],
  ])(
    'use %d a second nearly in full, with hardly a call too many',
    (perSecond, messages, share) => {
      const outcome = at(perSecond, messages);
      expect(outcome.share).toBeGreaterThanOrEqual(share);
      expect(outcome.calls).toBeLessThanOrEqual(1.05);
    },
  );

  it('keep no more in their lanes than a minute’s worth, nor wait in flight', () => {
    const { mostInLanes, mostInFlight } = at(10, 5000);
    expect(mostInLanes).toBeLessThan(900);
    expect(mostInFlight).toBeLessThanOrEqual(50 * 10 + 2 * 10);
  });

  it('find the limit again when it is halved', () => {
    const { share, calls } = at(100, 20_000, { allowed: (second) => (second < 60 ? 100 : 50) });
    expect(share).toBeGreaterThan(0.8);
    expect(calls).toBeLessThan(1.05);
  });
});
