import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

it('no request makes a function fail, and no log tells who was written to, or what', async () => {
  const { statuses, wrong } = await fuzz(1500, 20_260_302);

  expect(wrong).toEqual([]);
  // Not everything is turned away at the door.
  expect(Object.keys(statuses)).toEqual(
    expect.arrayContaining(['200', '202', '400', '401', '403', '422']),
  );
});
