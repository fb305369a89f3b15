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
  export type StoreOperation =
    | { readonly type: 'put'; readonly key: string; readonly value: unknown }
    | { readonly type: 'del'; readonly key: string };
  type Range = {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly limit?: number;
  };
  /** The items of one table, by key. An item that is not there is undefined or a `NotFoundError`. */
  export type ItemDb = {
    readonly get: (
      key: string,
      done: (error: Error | null, item: StoredItem | undefined) => void,
    ) => void;
    readonly put: (key: string, item: StoredItem, done: (error?: unknown) => void) => void;
    readonly del: (key: string, done: (error?: unknown) => void) => void;
  };
  /** Where dynalite keeps all tables: one database of sorted keys. */
  export type DynaliteStore = {
    readonly db: {
      readonly batch: (operations: readonly StoreOperation[]) => Promise<void>;
      readonly iterator: (range: Range) => { all: () => Promise<[string, unknown][]> };
      readonly keys: (range: Range) => { all: () => Promise<string[]> };
    };
    getItemDb: (table: string) => ItemDb;
  };
  /** An error that dynalite answers with, or nothing. */
  export type Validation = Error | null | undefined;

  /** The functions of dynalite's own that its actions call; see dynamodb-limits.ts. */
  const db: {
    create: (options: object) => DynaliteStore;
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
