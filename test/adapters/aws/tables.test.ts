import { afterAll, beforeAll } from 'vitest';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { replayOutcomes, replays } from '../../../adapters/aws/replays.ts';
import { deliveriesContract } from '../../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../../contracts/failed-requests.contract.ts';
import { replayOutcomesContract, replaysContract } from '../../contracts/replays.contract.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

deliveriesContract('the table', async () =>
  deliveries(tables.client, await tables.create('deliveries')),
);
failedRequestsContract('the table', async () =>
  failedRequests(tables.client, await tables.create('failedRequests')),
);
replaysContract('the table', async () => replays(tables.client, await tables.create('replays')));
replayOutcomesContract('the table', async () => {
  const table = await tables.create('failedRequests');
  return {
    failedRequests: failedRequests(tables.client, table),
    outcomes: replayOutcomes(tables.client, table),
  };
});
