import { join } from 'node:path';
import dynalite from 'dynalite';
import db, { type DynaliteStore } from 'dynalite/db/index.js';
import { applyLimits } from './dynamodb-limits.ts';
import { type StreamedTable, streamOf, type TableStream } from './dynamodb-streams.ts';
import type { Emulator } from './emulator.ts';
import { closeServer, listen } from './listen.ts';

export type DynamoDb = Emulator & {
  /** The streams of the tables that have one, by the table's name. */
  readonly streams: ReadonlyMap<string, TableStream>;
};

/**
 * Tables in memory, or on disk with `dataDir`. Items are not deleted when their time to live ends:
 * AWS promises no moment either, and every reader checks the time itself. Items and keys are refused
 * where DynamoDB refuses them, see `applyLimits`. `streamed` tables record their changes.
 */
export async function startDynamoDb({
  dataDir,
  streamed = [],
}: {
  dataDir?: string | undefined;
  streamed?: readonly StreamedTable[];
}): Promise<DynamoDb> {
  applyLimits();
  const { server, store } = withStore({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'tables') }),
  });
  const streams = new Map(streamed.map((table) => [table.TableName, streamOf(store, table)]));
  const { getItemDb } = store;
  const recording = new Map<string, ReturnType<typeof getItemDb>>();
  store.getItemDb = (name) => {
    const itemDb = recording.get(name) ?? streams.get(name)?.recording(getItemDb(name));
    if (itemDb === undefined) return getItemDb(name);
    recording.set(name, itemDb);
    return itemDb;
  };
  const url = await listen(server, 0);
  return {
    url,
    close: () => closeServer(server),
    streams: new Map([...streams].map(([name, { stream }]) => [name, stream])),
  };
}

/** dynalite keeps its store to itself; it makes it with this function, before it gives the server back. */
function withStore(options: Parameters<typeof dynalite>[0]) {
  const { create } = db;
  const made: DynaliteStore[] = [];
  db.create = (given) => {
    const store = create(given);
    made.push(store);
    return store;
  };
  try {
    const server = dynalite(options);
    const [store] = made;
    if (store === undefined) throw new Error('dynalite made no store.');
    return { server, store };
  } finally {
    db.create = create;
  }
}
