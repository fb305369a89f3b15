import { expect, it } from 'vitest';
import { SECOND } from '../../../domain/clock.ts';
import { isExpired } from '../../../domain/delivery/expiry.ts';

const event = { generatedAt: 1_000_000 };
const after = (seconds: number) => event.generatedAt + seconds * SECOND;

it('an event is too old only once it is older than its time to live', () => {
  expect(isExpired(event, 60, after(60))).toBe(false);
  expect(isExpired(event, 60, after(60) + 1)).toBe(true);
});

it('an event of any age is sent where no time to live is set', () => {
  expect(isExpired(event, 0, after(1_000_000))).toBe(false);
});
