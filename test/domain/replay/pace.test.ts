import { expect, it } from 'vitest';
import { batchSize, due, dueAt } from '../../../domain/replay/pace.ts';
import { aReplay } from '../../builders/replay.ts';

const now = 1_000_000;
const replay = (over: Parameters<typeof aReplay>[0]) =>
  aReplay({ options: { ...aReplay().options, rate: 20 }, ...over });

it.each([
  [0.5, 1],
  [1, 1],
  [6, 2],
  [37, 9],
  [38, 10],
  [39, 10],
  [79, 20],
  [60, 10],
  [400, 100],
  [1000, 100],
])('at %d a second, %d go together', (rate, size) => {
  expect(batchSize(rate)).toBe(size);
});

it('a message is due by its place in the schedule', () => {
  expect(dueAt(replay({ requeued: 30 }), { at: now, from: 10 })).toBe(now + 1000);
});

it('a replay without a schedule begins one now', () => {
  expect(due(replay({ requeued: 7 }), now)).toEqual({ pace: { at: now, from: 7 }, inMs: 0 });
});

it('a replay ahead of its schedule waits, and one behind it does not', () => {
  const pace = { at: now, from: 0 };
  expect(due(replay({ pace, requeued: 20 }), now)).toEqual({ pace, inMs: 1000 });
  expect(due(replay({ pace, requeued: 20 }), now + 1500)).toEqual({ pace, inMs: 0 });
});

it('a replay more than five seconds behind starts its schedule from now', () => {
  const pace = { at: now, from: 0 };
  expect(due(replay({ pace, requeued: 20 }), now + 6000)).toEqual({ pace, inMs: 0 });
  expect(due(replay({ pace, requeued: 20 }), now + 6001)).toEqual({
    pace: { at: now + 6001, from: 20 },
    inMs: 0,
  });
});
