import { join } from 'node:path';
import dynalite from 'dynalite';
import { applyLimits } from './dynamodb-limits.ts';
import type { Emulator } from './emulator.ts';
import { closeServer, listen } from './listen.ts';

/**
 * Tables in memory, or on disk with `dataDir`. Items are not deleted when their time to live ends:
 * AWS promises no moment either, and every reader checks the time itself. Items and keys are refused
 * where DynamoDB refuses them, see `applyLimits`.
 */
export async function startDynamoDb({
  dataDir,
}: {
  dataDir?: string | undefined;
}): Promise<Emulator> {
  applyLimits();
  const server = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDir === undefined ? {} : { path: join(dataDir, 'tables') }),
  });
  const url = await listen(server, 0);
  return { url, close: () => closeServer(server) };
}
