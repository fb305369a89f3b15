import { isDeepStrictEqual } from 'node:util';
import { itemBytes, STORED_OVERHEAD, type StoredItem } from '../../local/emulators/item-size.ts';

/** What a table's writes depend on besides the item. */
export type TableShape = {
  readonly key: readonly string[];
  readonly indexes: readonly IndexShape[];
};

type IndexShape = {
  readonly name: string;
  readonly key: readonly string[];
  /** Attributes beside the keys; `all` copies the item. */
  readonly projected: 'all' | readonly string[];
};

const KILOBYTE = 1024;
const unitsFor = (size: number): number => Math.max(1, Math.ceil(size / KILOBYTE));

/**
 * Write units of one write: the larger of the item before and after it, in KB rounded up, and what the
 * indexes add. A write whose condition fails costs what the item that stands there costs.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function writeUnits(
  table: TableShape,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): number {
  const larger = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  return table.indexes.reduce(
    (sum, index) => sum + indexUnits(entryOf(table, index, before), entryOf(table, index, after)),
    unitsFor(larger),
  );
}

/** Indexes that an item leaves within hours: its entry takes no room to speak of. */
const PASSING = new Set(['open']);

/** What the indexes keep of an item for as long as it is kept, bytes. */
export const indexBytes = (table: TableShape, item: StoredItem): number =>
  table.indexes
    .filter(({ name }) => !PASSING.has(name))
    .flatMap((index) => entryOf(table, index, item) ?? [])
    .reduce((sum, { entry }) => sum + itemBytes(entry) + STORED_OVERHEAD, 0);

type Entry = { readonly key: StoredItem; readonly entry: StoredItem };

/** The item's entry in an index; none without all of the index's keys. */
function entryOf(
  table: TableShape,
  index: IndexShape,
  item: StoredItem | undefined,
): Entry | undefined {
  if (item === undefined || !index.key.every((name) => name in item)) return undefined;
  const names =
    index.projected === 'all'
      ? Object.keys(item)
      : [...new Set([...table.key, ...index.key, ...index.projected])];
  return { key: pick(item, index.key), entry: pick(item, names) };
}

const pick = (item: StoredItem, names: readonly string[]): StoredItem =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

/** A changed key takes one write to remove the old entry and one to add the new. */
function indexUnits(before: Entry | undefined, after: Entry | undefined): number {
  const of = (entry: Entry | undefined) => (entry ? unitsFor(itemBytes(entry.entry)) : 0);
  if (before === undefined || after === undefined) return of(before) + of(after);
  if (!isDeepStrictEqual(before.key, after.key)) return of(before) + of(after);
  return isDeepStrictEqual(before.entry, after.entry) ? 0 : Math.max(of(before), of(after));
}
