import { expect, it } from 'vitest';
import { fullJitter, lookAgain, nextTry } from '../../../domain/delivery/backoff.ts';

const policy = { baseSeconds: 5, maxSeconds: 300 };
const latest = () => 0.999_999;
const soonest = () => 0;

it.each([
  [0, 5],
  [1, 10],
  [5, 160],
  [6, 300],
  [1000, 300],
])('the longest wait doubles up to the limit: after %i tries %i s', (n, seconds) => {
  expect(fullJitter(policy, n, latest)).toBe(seconds);
  expect(fullJitter(policy, n, soonest)).toBe(1);
});

it.each([
  [undefined, 5],
  [3, 5],
  [60, 60],
  [86_400, 1800],
])('a wish for %s s is heeded where it is longer, up to half an hour', (wish, seconds) => {
  expect(nextTry(policy, 0, latest, wish)).toBe(seconds);
});

it.each([
  [30, 1, 2],
  [30, 4, 16],
  [30, 5, 30],
  [300, 1000, 300],
  [1, 3, 1],
])('what is held for %i s is looked at again, the %i. time, after %i s', (held, count, seconds) => {
  expect(lookAgain(held, count)).toBe(seconds);
});
