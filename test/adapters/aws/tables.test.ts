import { afterAll, beforeAll } from 'vitest';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { identities } from '../../../adapters/aws/identities.ts';
import { optOuts } from '../../../adapters/aws/opt-outs.ts';
import { deliveriesContract } from '../../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../../contracts/failed-requests.contract.ts';
import { identitiesContract } from '../../contracts/identities.contract.ts';
import { optOutsContract } from '../../contracts/opt-outs.contract.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

deliveriesContract('the table', async () =>
  deliveries(tables.client, await tables.create('DeliveriesTable')),
);
failedRequestsContract('the table', async () =>
  failedRequests(tables.client, await tables.create('FailedRequestsTable')),
);
optOutsContract('the table', async () =>
  optOuts(tables.client, await tables.create('OptOutsTable')),
);
identitiesContract('the table', async (deps) =>
  identities(tables.client, await tables.create('IdentitiesTable'), deps),
);
