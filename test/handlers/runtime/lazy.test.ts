import { expect, it } from 'vitest';
import { lazy } from '../../../handlers/runtime/lazy.ts';

it('Builds once, however many ask at once', async () => {
  let built = 0;
  const get = lazy(async () => {
    built += 1;
    return built;
  });
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

it('Builds nothing before someone asks', () => {
  let built = 0;
  lazy(() => {
    built += 1;
  });
  expect(built).toBe(0);
});

it('Tries again after a build that failed, also one that threw at once', async () => {
  let tries = 0;
  const get = lazy(() => {
    tries += 1;
    if (tries < 3) throw new Error(`try ${tries}`);
    return tries;
  });
  await expect(get()).rejects.toThrow('try 1');
  await expect(get()).rejects.toThrow('try 2');
  expect(await get()).toBe(3);
});
