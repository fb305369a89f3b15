import { expect, it } from 'vitest';
import { wayBackTable } from '../../bench/limits/way-back.ts';

it('the way back carries 2,000 messages a second in every part at the default settings', () => {
  const perSecond = wayBackTable()
    .rows.filter(([part]) => part !== 'CI360, one source address')
    .map(([part, , value]) => [part, Number(String(value).replaceAll(',', ''))] as const);

  expect(perSecond.length).toBeGreaterThan(5);
  expect(perSecond.filter(([, value]) => !(value >= 2_000))).toEqual([]);
});
