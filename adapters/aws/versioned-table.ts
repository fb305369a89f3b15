import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './items.ts';
import { getItem, putIf } from './put-if.ts';

type Versioned = { readonly version: number };

export type VersionedTable<Stored extends Versioned> = {
  /** Puts a first version (`version: 1`). False when there is an item already. */
  readonly insert: (record: Stored) => Promise<boolean>;
  /** A strongly consistent read. */
  readonly get: (key: string) => Promise<Stored | undefined>;
  /** Replaces version `next.version - 1`. False when another writer was first. */
  readonly swap: (next: Stored) => Promise<boolean>;
};

/** A compare-and-swap store of records, one item each, whose attribute `version` counts changes from 1. */
export function versionedTable<Stored extends Versioned>(
  client: DynamoDBDocumentClient,
  of: {
    readonly dependency: string;
    readonly table: string;
    /** Name of the attribute that is the table's key. */
    readonly key: string;
    readonly write: (record: Stored) => Item;
    readonly read: (item: Item) => Stored;
  },
): VersionedTable<Stored> {
  const { dependency, table, key, write, read } = of;
  return {
    insert: (record) =>
      putIf(client, {
        dependency,
        table,
        key,
        item: write(record),
        condition: `attribute_not_exists(${key})`,
      }),
    get: async (value) => {
      const item = await getItem(client, { dependency, table, key: { [key]: value } });
      return item && read(item);
    },
    swap: (next) =>
      putIf(client, {
        dependency,
        table,
        key,
        item: write(next),
        condition: 'version = :read',
        values: { ':read': next.version - 1 },
      }),
  };
}
