import { afterAll, beforeAll } from 'vitest';
import { agentRecords } from '../../../adapters/aws/agent-records.ts';
import { contacts } from '../../../adapters/aws/contacts.ts';
import { agentRecordsContract } from '../../contracts/agent-records.contract.ts';
import { contactCopyContract } from '../../contracts/contact-copy.contract.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

agentRecordsContract('the table', async () =>
  agentRecords(tables.client, await tables.create('AgentRecordsTable')),
);
contactCopyContract('the table', async () =>
  contacts(tables.client, await tables.create('ContactsTable'), fakeObserve()),
);
