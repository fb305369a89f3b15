import { describe, expect, it } from 'vitest';
import { median, percentile } from '../../bench/measure/percentile.ts';
import { sideBySide } from '../../bench/measure/side-by-side.ts';
import { toJson, toMarkdown } from '../../bench/table.ts';

describe('of many measurements', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

  it('the percentile is the value that so many do not exceed', () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('the median is the one in the middle, or between the two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 6])).toBe(5);
    expect(median([])).toBeNaN();
  });
});

it('contestants take turns', async () => {
  const order: string[] = [];
  const run = (name: string) => async () => order.push(name);
  const results = await sideBySide({ a: run('a'), b: run('b') }, 2);

  expect(order).toEqual(['a', 'b', 'a', 'b']);
  expect(Object.fromEntries(results)).toEqual({ a: [1, 3], b: [2, 4] });
});

describe('a table', () => {
  const table = {
    name: 'sizes',
    title: 'Sizes',
    about: ['How large things are.'],
    columns: ['thing', 'bytes'],
    rows: [
      ['a mouse', 1234],
      ['nothing', null],
    ],
  };

  it('is Markdown for people', () => {
    expect(toMarkdown(table)).toBe(
      '### Sizes\n\nHow large things are.\n\n| thing | bytes |\n| --- | ---: |\n| a mouse | 1,234 |\n| nothing |  |',
    );
  });

  it('is a list of objects for programs', () => {
    expect(toJson(table)).toEqual({
      name: 'sizes',
      title: 'Sizes',
      rows: [
        { thing: 'a mouse', bytes: 1234 },
        { thing: 'nothing', bytes: null },
      ],
    });
  });
});
