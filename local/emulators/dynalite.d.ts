declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** `path`: where the tables are kept; in memory without. The `…Ms` are how long a table is in between states. */
  export default function dynalite(options?: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    maxItemSizeKb?: number;
  }): Server;
}

declare module 'dynalite/db/index.js' {
  import type { Attribute, StoredItem } from './item-size.ts';

  type Key = readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  type Item = Readonly<Record<string, Attribute | { readonly B: string }>>;

  export type DynaliteTable = {
    readonly KeySchema: Key;
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly KeySchema: Key;
    }[];
  };
  /** An error that dynalite answers with, or nothing. */
  export type Validation = Error | null | undefined;

  /** The functions of dynalite's own that its actions call; see dynamodb-limits.ts. */
  const db: {
    itemSize: (item: StoredItem) => number;
    validateItem: (item: Item, table: DynaliteTable) => Validation;
    validateKey: (key: Item, table: DynaliteTable, keySchema?: Key) => Validation;
    /** The last argument of `rest` is the callback. */
    queryTable: (
      store: unknown,
      table: DynaliteTable,
      query: {
        readonly IndexName?: string;
        readonly KeyConditions?: Readonly<
          Record<string, { readonly AttributeValueList: readonly Item[string][] }>
        >;
      },
      ...rest: readonly unknown[]
    ) => void;
    updateIndexes: (
      store: unknown,
      table: DynaliteTable,
      before: Item | undefined,
      item: Item | undefined,
      done: (error?: Validation) => void,
    ) => void;
    readonly validationError: (message: string) => Error;
  };
  export default db;
}
