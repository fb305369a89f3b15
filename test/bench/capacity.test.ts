import { describe, expect, it } from 'vitest';
import { indexBytes, type TableShape, writeUnits } from '../../bench/aws/write-units.ts';
import { itemBytes } from '../../local/emulators/item-size.ts';

describe('the size of an item', () => {
  it.each([
    ['names and texts by their UTF-8 bytes', { name: { S: 'Zoë' } }, 4 + 4],
    ['numbers by two digits a byte, and one', { n: { N: '1234567' } }, 1 + 5],
    ['the zeros at the end of a number not', { n: { N: '1200000' } }, 1 + 2],
    ['a truth value and a null by one', { a: { BOOL: true }, b: { NULL: true } }, 4],
    ['a map by its entries, one each, and three', { m: { M: { k: { S: 'v' } } } }, 1 + 3 + 2 + 1],
    ['a list by its elements, one each, and three', { l: { L: [{ S: 'ab' }] } }, 1 + 3 + 2 + 1],
  ])('counts %s', (_, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });
});

describe('the write units of', () => {
  const table: TableShape = {
    key: ['id'],
    indexes: [
      { name: 'by_status', key: ['status', 'at'], projected: 'all' },
      { name: 'by_replay', key: ['replay'], projected: [] },
    ],
  };
  const item = (over: Record<string, { S: string }> = {}) => ({
    id: { S: '1' },
    status: { S: 'failed' },
    at: { S: '2026' },
    ...over,
  });
  const large = { body: { S: 'x'.repeat(1500) } };

  it.each([
    ['a new item: itself and its entry', undefined, item(), 2],
    ['a new large item: two each', undefined, item(large), 4],
    ['an item that becomes small: as it was, and its entry as it was', item(large), item(), 4],
    [
      'a change of an index key: the old entry and the new',
      item(),
      item({ status: { S: 'x' } }),
      3,
    ],
    ['no change: the write alone', item(), item(), 1],
    ['an item that enters a second index', item(), item({ replay: { S: 'r' } }), 3],
    ['a deletion: itself and its entry', item(), undefined, 2],
    ['nothing that is there', undefined, undefined, 1],
  ])('%s', (_, before, after, units) => {
    expect(writeUnits(table, before, after)).toBe(units);
  });

  it('an item with the same keys in an index that has only keys: nothing for that index', () => {
    const keysOnly: TableShape = {
      key: ['id'],
      indexes: [{ name: 'by_replay', key: ['replay'], projected: [] }],
    };
    const replayed = item({ replay: { S: 'r' } });
    expect(writeUnits(keysOnly, replayed, { ...replayed, status: { S: 'x' } })).toBe(1);
  });

  it('indexes keep of an item what they project, and what DynamoDB adds to each entry', () => {
    const including: TableShape = {
      key: ['id'],
      indexes: [{ name: 'by_status', key: ['status'], projected: ['at'] }],
    };
    // id 1, status failed, at 2026: names and values.
    expect(indexBytes(including, item(large))).toBe(3 + 12 + 6 + 100);
    expect(indexBytes(including, { id: { S: '1' } })).toBe(0);
  });

  it('an item that leaves an index within hours takes no room there', () => {
    const passing: TableShape = {
      key: ['id'],
      indexes: [{ name: 'open', key: ['status'], projected: [] }],
    };
    expect(indexBytes(passing, item())).toBe(0);
  });
});
