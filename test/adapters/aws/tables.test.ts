import { afterAll, beforeAll } from 'vitest';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { deliveriesContract } from '../../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../../contracts/failed-requests.contract.ts';
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
