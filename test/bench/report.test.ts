import { expect, it } from 'vitest';
import { page, report } from '../../bench/report.ts';

const setting = {
  machine: { cores: 2, memoryGigabytes: 8, node: 'v24.0.0', platform: 'linux x64' },
  takenAt: '2026-03-02',
};
const table = { name: 'x', title: 'Sizes', about: ['Words.'], columns: ['a'], rows: [[1]] };
const machine = 'Measured on 2026-03-02 with 2 cores, 8 GB of memory, Node v24.0.0, linux x64.';

it('a report says what it was measured on', () => {
  expect(report(setting, [table])).toContain(`${machine}\n\n### Sizes\n\nWords.`);
});

it('the page has a section for each table', () => {
  const text = page(setting, [table, { ...table, title: 'Costs' }]);

  expect(text.match(/^## .*$/gm)).toEqual(['## Sizes', '## Costs']);
  expect(text).toContain(machine);
  expect(text).toContain('npm run bench -- --write');
});
