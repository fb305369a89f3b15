import type { Item } from './items.ts';

/** The most that DynamoDB stores in an item, names and values of all its attributes. */
export const MAX_ITEM_BYTES = 400 * 1024;
/** The longest values of keys, of the table and of its indexes. */
export const MAX_PARTITION_KEY_BYTES = 2048;
export const MAX_SORT_KEY_BYTES = 1024;
/** A number has up to 38 digits, two in a byte, and two bytes more. */
const NUMBER_BYTES = 21;

export const textBytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

const namedBytes = (value: object): number[] =>
  Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => textBytes(name) + valueBytes(each));

/** What a value takes in an item: never less than DynamoDB counts, more only for a number. */
export function valueBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  const elements = Array.isArray(value) ? value.map(valueBytes) : namedBytes(value);
  return 3 + sum(elements) + elements.length;
}

/**
 * An item's size as DynamoDB counts it: UTF-8, names included.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number => sum(namedBytes(item));

/** The beginning of a text, cut between characters. */
export const cutText = (text: string, limit: number): string =>
  textBytes(text) <= limit
    ? text
    : Buffer.from(text, 'utf8')
        .subarray(0, limit)
        .toString('utf8')
        .replace(/\uFFFD$/, '');
