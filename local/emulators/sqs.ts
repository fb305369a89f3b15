import { join } from 'node:path';
import type { BuildAppOptions } from 'fauxqs';
import { buildApp } from 'fauxqs';
import type { Emulator } from './emulator.ts';
import { fillFifoBatches } from './fifo-batches.ts';

type Stores = NonNullable<BuildAppOptions['stores']>;

/** Queues in memory; with `dataDir`, in a SQLite file there, written through at each call. */
export async function startSqs({ dataDir }: { dataDir?: string | undefined }): Promise<Emulator> {
  await fillFifoBatches();
  const kept = dataDir === undefined ? undefined : await keptStores(join(dataDir, 'queues'));
  const app = buildApp({ logger: false, ...(kept ? { stores: kept.stores } : {}) });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    close: async () => {
      await app.close();
      kept?.close();
    },
  };
}

/**
 * What `startFauxqs` does with a data directory. It cannot be used here, because it listens on every
 * interface; and the parts it puts together are not among the package's exports, so they are
 * imported by their files.
 */
async function keptStores(directory: string): Promise<{ stores: Stores; close: () => void }> {
  const part = (file: string) => new URL(file, import.meta.resolve('fauxqs')).href;
  const [{ PersistenceManager }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all(
    ['persistence.js', 'sqs/sqsStore.js', 'sns/snsStore.js', 's3/s3Store.js'].map(
      (file) => import(part(`./${file}`)),
    ),
  );
  const stores: Stores = {
    sqsStore: new SqsStore(),
    snsStore: new SnsStore(),
    s3Store: new S3Store(),
  };
  const manager = new PersistenceManager(directory);
  // Loaded before the stores write through, or loading would replace, and so delete, what it reads.
  manager.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  stores.sqsStore.persistence = manager;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = manager;
  return { stores, close: () => manager.close() };
}
