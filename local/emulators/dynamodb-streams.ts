import { isDeepStrictEqual } from 'node:util';
import type { DynaliteStore, ItemDb, StoreOperation } from 'dynalite/db/index.js';
import * as z from 'zod';
import { itemBytes, type StoredItem } from './item-size.ts';

/** As it was stored: looking at every attribute again would take longer than storing it did. */
const image = z.custom<StoredItem>((value) => typeof value === 'object' && value !== null);

const recordSchema = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  /** Grows within a shard; digits only. */
  sequenceNumber: z.string(),
  /** Seconds since 1970. */
  at: z.number(),
  keys: image,
  newImage: image.optional(),
  oldImage: image.optional(),
  bytes: z.number(),
});
/** One change of an item, as GetRecords of DynamoDB Streams has it. Values are in DynamoDB's own JSON. */
export type StreamRecord = z.infer<typeof recordSchema>;

const descriptorSchema = z.object({ lane: z.number(), parentShardId: z.string().optional() });

type Shard = {
  readonly shardId: string;
  /** Its records come before this one's. */
  readonly parentShardId: string | undefined;
  /** No record will be added to it. */
  readonly isClosed: boolean;
};

/** The stream of one table (`NEW_AND_OLD_IMAGES`). All changes of one item are in order, in one line of shards. */
export type TableStream = {
  readonly arn: string;
  readonly shards: () => Promise<readonly Shard[]>;
  /** Records after this sequence number, oldest first. */
  readonly read: (
    shardId: string,
    after: string | undefined,
    limit: number,
  ) => Promise<readonly StreamRecord[]>;
  /**
   * Forgets a shard's records up to this one, and a closed shard that has none left. DynamoDB keeps
   * records for 24 hours; here they are kept, also across restarts, until their one reader is done with them.
   */
  readonly trim: (shardId: string, upTo: string | undefined) => Promise<void>;
};

export type StreamedTable = {
  readonly TableName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly streamArn: string;
};

/** Lines of shards side by side, each for a part of the keys. */
const LANES = 4;
/** A shard ends after so many records and a child goes on. DynamoDB's end after about four hours. */
const SHARD_RECORDS = 1000;

type OpenShard = { readonly shardId: string; readonly parentShardId?: string; count: number };

/** A number of 28 digits that is higher than every earlier one, also after a restart. */
function sequence(): () => string {
  let last = BigInt(Date.now()) * 10n ** 15n;
  return () => {
    last += 1n + BigInt(Math.floor(Math.random() * 1000));
    return String(last);
  };
}

const laneOf = (key: string): number =>
  [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 0) % LANES;

/**
 * Records the changes of one table. A change and its record are written to the database in one batch:
 * neither is there without the other, wherever the process dies.
 */
export function streamOf(store: DynaliteStore, table: StreamedTable) {
  const { db } = store;
  const records = `stream~${table.TableName}~`;
  const descriptors = `streamshard~${table.TableName}~`;
  const items = `item-${table.TableName}~`;
  const nextSequence = sequence();
  const open = new Map<number, OpenShard>();

  /** A shard of an earlier run is read to its end and gets a child. */
  const lineage = (async () => {
    const former = await db.iterator({ gte: descriptors, lt: `${descriptors}~` }).all();
    const parents = new Map<number, string>();
    for (const [key, value] of former) {
      parents.set(descriptorSchema.parse(value).lane, key.slice(descriptors.length));
    }
    return parents;
  })();

  async function shardFor(lane: number): Promise<OpenShard> {
    const parents = await lineage;
    const current = open.get(lane);
    if (current !== undefined && current.count < SHARD_RECORDS) return current;
    const parentShardId = current?.shardId ?? parents.get(lane);
    const born = nextSequence();
    const next = {
      shardId: `shardId-${born.slice(0, 20)}-${born.slice(20)}`,
      ...(parentShardId === undefined ? {} : { parentShardId }),
      count: 0,
    };
    open.set(lane, next);
    return next;
  }

  async function entry(
    key: string,
    before: StoredItem | undefined,
    after: StoredItem | undefined,
  ): Promise<StoreOperation[]> {
    const item = after ?? before;
    if (item === undefined || isDeepStrictEqual(before, after)) return [];
    const lane = laneOf(key);
    const shard = await shardFor(lane);
    shard.count += 1;
    const { shardId, parentShardId } = shard;
    const sequenceNumber = nextSequence();
    const record: StreamRecord = {
      eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
      sequenceNumber,
      at: Math.floor(Date.now() / 1000),
      keys: Object.fromEntries(
        table.KeySchema.flatMap(({ AttributeName }) => {
          const value = item[AttributeName];
          return value === undefined ? [] : [[AttributeName, value]];
        }),
      ),
      ...(after === undefined ? {} : { newImage: after }),
      ...(before === undefined ? {} : { oldImage: before }),
      bytes: itemBytes(after ?? {}) + itemBytes(before ?? {}),
    };
    return [
      { type: 'put', key: `${descriptors}${shardId}`, value: { lane, parentShardId } },
      { type: 'put', key: `${records}${shardId}~${sequenceNumber}`, value: record },
    ];
  }

  /** One write after the other: a reader that sees a record must have seen all with lower numbers. */
  let writing: Promise<unknown> = Promise.resolve();

  /** The table's items, with each change recorded. dynalite holds the item's lock meanwhile. */
  const recording = (itemDb: ItemDb): ItemDb => {
    const change = (
      key: string,
      after: StoredItem | undefined,
      done: (error?: unknown) => void,
    ): void =>
      itemDb.get(key, (error, before) => {
        if (error && error.name !== 'NotFoundError') return done(error);
        const write: StoreOperation =
          after === undefined
            ? { type: 'del', key: items + key }
            : { type: 'put', key: items + key, value: after };
        const written = writing.then(async () =>
          db.batch([write, ...(await entry(key, before, after))]),
        );
        writing = written.catch(() => undefined);
        written.then(() => done(), done);
      });
    return {
      ...itemDb,
      put: (key, value, done) => change(key, value, done),
      del: (key, done) => change(key, undefined, done),
    };
  };

  const range = (shardId: string) => ({
    gte: `${records}${shardId}~`,
    lt: `${records}${shardId}~~`,
  });

  const stream: TableStream = {
    arn: table.streamArn,
    shards: async () => {
      const known = await db.iterator({ gte: descriptors, lt: `${descriptors}~` }).all();
      const beingWritten = new Set([...open.values()].map(({ shardId }) => shardId));
      return known.map(([key, value]) => {
        const shardId = key.slice(descriptors.length);
        const { parentShardId } = descriptorSchema.parse(value);
        return { shardId, parentShardId, isClosed: !beingWritten.has(shardId) };
      });
    },
    read: async (shardId, after, limit) => {
      const { gte, lt } = range(shardId);
      const from = after === undefined ? { gte } : { gt: `${gte}${after}` };
      const found = await db.iterator({ ...from, lt, limit }).all();
      return found.map(([, value]) => recordSchema.parse(value));
    },
    trim: async (shardId, upTo) => {
      const { gte, lt } = range(shardId);
      const done = upTo === undefined ? [] : await db.keys({ gte, lte: `${gte}${upTo}` }).all();
      const isOpen = [...open.values()].some((shard) => shard.shardId === shardId);
      const left = isOpen || (await db.keys({ gt: `${gte}${upTo ?? ''}`, lt, limit: 1 }).all())[0];
      await db.batch([
        ...done.map((key): StoreOperation => ({ type: 'del', key })),
        ...(left ? [] : [{ type: 'del', key: `${descriptors}${shardId}` } as const]),
      ]);
    },
  };
  return { stream, recording };
}
