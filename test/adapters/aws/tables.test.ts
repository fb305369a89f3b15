import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLog } from '../../../adapters/aws/answer-log.ts';
import { controls } from '../../../adapters/aws/controls.ts';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { heldMessages } from '../../../adapters/aws/held-messages.ts';
import { identities } from '../../../adapters/aws/identities.ts';
import { messageOwners } from '../../../adapters/aws/message-owners.ts';
import { openDeliveries } from '../../../adapters/aws/open-deliveries.ts';
import { optOutHistory } from '../../../adapters/aws/opt-out-history.ts';
import { optOutRegister } from '../../../adapters/aws/opt-out-register.ts';
import { optOuts } from '../../../adapters/aws/opt-outs.ts';
import { releaseRuns } from '../../../adapters/aws/release-runs.ts';
import { replayOutcomes, replays } from '../../../adapters/aws/replays.ts';
import { replyLog } from '../../../adapters/aws/reply-log.ts';
import { replaySchedule } from '../../../adapters/aws/shared-schedule.ts';
import { templateStore } from '../../../adapters/aws/templates.ts';
import { verdictFacts } from '../../../adapters/aws/verdict-facts.ts';
import { waitingDeliveries } from '../../../adapters/aws/waiting-deliveries.ts';
import { whatsappWindows } from '../../../adapters/aws/whatsapp-windows.ts';
import { CursorRefused, encodeCursor } from '../../../domain/cursor.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { answerLogContract } from '../../contracts/answer-log.contract.ts';
import { controlsContract } from '../../contracts/controls.contract.ts';
import { deliveriesContract } from '../../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../../contracts/failed-requests.contract.ts';
import { heldMessagesContract } from '../../contracts/held-messages.contract.ts';
import { identitiesContract } from '../../contracts/identities.contract.ts';
import { messageOwnersContract } from '../../contracts/message-owners.contract.ts';
import { openDeliveriesContract } from '../../contracts/open-deliveries.contract.ts';
import { optOutRegisterContract } from '../../contracts/opt-out-register.contract.ts';
import { optOutsContract } from '../../contracts/opt-outs.contract.ts';
import { releaseRunsContract } from '../../contracts/release-runs.contract.ts';
import { replayOutcomesContract, replaysContract } from '../../contracts/replays.contract.ts';
import { replyLogContract } from '../../contracts/reply-log.contract.ts';
import { sharedScheduleContract } from '../../contracts/shared-schedule.contract.ts';
import { templateStoreContract } from '../../contracts/template-store.contract.ts';
import { verdictFactsContract } from '../../contracts/verdict-facts.contract.ts';
import { waitingDeliveriesContract } from '../../contracts/waiting-deliveries.contract.ts';
import { whatsappWindowsContract } from '../../contracts/whatsapp-windows.contract.ts';
import { fakeClock } from '../../fakes/clock.ts';
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
whatsappWindowsContract('the table', async () =>
  whatsappWindows(tables.client, await tables.create('IdentitiesTable')),
);
templateStoreContract('the table', async () =>
  templateStore(tables.client, await tables.create('TemplatesTable')),
);
optOutsContract('the table', async (rules) =>
  optOuts(tables.client, await tables.create('OptOutsTable'), rules),
);
optOutRegisterContract('the tables', async () =>
  optOutRegister(
    tables.client,
    await tables.create('OptOutsTable'),
    { refusalTtlSeconds: 60, clock: fakeClock() },
    optOutHistory(tables.client, await tables.create('OptOutHistoryTable'), {
      ttlSeconds: 60,
      clock: fakeClock(),
    }),
  ),
);
identitiesContract('the table', async (deps) =>
  identities(tables.client, await tables.create('IdentitiesTable'), deps),
);
controlsContract('the table', async () =>
  controls(tables.client, await tables.create('ControlsTable')),
);
heldMessagesContract('the table', async () =>
  heldMessages(tables.client, await tables.create('HeldTable'), { clock: fakeClock() }),
);
releaseRunsContract('the table', async () =>
  releaseRuns(tables.client, await tables.create('HeldTable')),
);
replaysContract('the table', async () =>
  replays(tables.client, await tables.create('ReplaysTable')),
);
sharedScheduleContract('the table', async () =>
  replaySchedule(tables.client, await tables.create('ReplaysTable')),
);
replayOutcomesContract('the table', async () => {
  const table = await tables.create('FailedRequestsTable');
  return {
    failedRequests: failedRequests(tables.client, table),
    outcomes: replayOutcomes(tables.client, table),
  };
});
openDeliveriesContract('the table', async () => {
  const table = await tables.create('DeliveriesTable');
  return {
    deliveries: deliveries(tables.client, table),
    open: openDeliveries(tables.client, table),
  };
});
messageOwnersContract('the table', async () => {
  const table = await tables.create('DeliveriesTable');
  return {
    deliveries: deliveries(tables.client, table),
    owners: messageOwners(tables.client, table),
  };
});
waitingDeliveriesContract('the table', async () => {
  const table = await tables.create('DeliveriesTable');
  return {
    deliveries: deliveries(tables.client, table),
    waiting: waitingDeliveries(tables.client, table),
  };
});
replyLogContract('the table', async () =>
  replyLog(tables.client, await tables.create('DeliveriesTable'), {
    ttlSeconds: 60,
    clock: Date.now,
  }),
);
answerLogContract('the table', async () =>
  answerLog(tables.client, await tables.create('OptOutsTable')),
);

it.each([
  { guid: '', insert_ts: '' },
  { guid: 'g', insert_ts: '1999-01-01T00:00:00.000Z' },
  { guid: 'g' },
  'elsewhere',
])('a cursor with a made-up position is refused, or leads nowhere else: %j', async (position) => {
  const store = failedRequests(tables.client, await tables.create('FailedRequestsTable'));
  await store.add(aFailedRequest({ tenantId: 'tenant-b' }));
  const query = { tenantId: 'tenant-a', status: 'failed', since: '2026-01-01' } as const;
  const listed = await store
    .list(query, { limit: 1, cursor: encodeCursor(query, position) })
    .catch((error: unknown) => error);
  if (!(listed instanceof CursorRefused)) expect(listed).toEqual({ items: [] });
});
describe('the table of failed requests', () => {
  const oldTable = async () => {
    const table = await tables.create('FailedRequestsTable');
    const event = {
      guid: 'old-1',
      externalTenantId: 'tenant-a',
      impression: { taskId: 'task-1', creativeContent: 'TO:+12025550123;Hi' },
    };
    const old = {
      guid: 'old-1',
      generatedTimestamp: 1_760_000_000_000,
      event_body: JSON.stringify(event),
      http_status: 500,
      insert_ts: '31/12/2025 23:59:58',
    };
    await tables.client.send(new PutCommand({ TableName: table, Item: old }));
    return { table, old, store: failedRequests(tables.client, table) };
  };

  it('reads a row of an older connector as one that cannot be replayed', async () => {
    const { store, old } = await oldTable();
    const row = await store.get('old-1');
    expect(row).toMatchObject({
      guid: 'old-1',
      tenantId: 'tenant-a',
      provider: 'scg',
      errorCode: 'old-row',
      errorClass: 'poison',
      eventBody: old.event_body,
      httpStatus: 500,
      taskId: 'task-1',
      generatedTimestamp: '2025-10-09T08:53:20.000Z',
      insertTs: '2025-12-31T23:59:58.000Z',
    });
    expect(await store.getMany(['old-1'])).toEqual([row]);
    expect(await store.get('old-1', 'tenant-b')).toBeUndefined();
  });

  it('reads such a row whatever it holds, and lists it where it has been given an index key', async () => {
    const { table, store } = await oldTable();
    const query = { tenantId: 'tenant-a', status: 'failed' } as const;
    const odd = { guid: 'odd', event_body: 7, http_status: 'none', insert_ts: 'yesterday' };
    const item = { ...odd, tenant_status: 'tenant-a#failed' };
    await tables.client.send(new PutCommand({ TableName: table, Item: item }));
    expect(await store.get('odd')).toMatchObject({ tenantId: 'unknown', eventBody: '' });
    expect((await store.list(query, { limit: 10 })).items).toMatchObject([
      { guid: 'odd', tenantId: 'tenant-a', errorCode: 'old-row' },
    ]);
  });

  it('lets a request whose event was posted again take the place of its old row', async () => {
    const { store } = await oldTable();
    const row = aFailedRequest({ guid: 'old-1', tenantId: 'tenant-a' });
    expect(await store.add(row)).toBe('added');
    expect(await store.get('old-1')).toEqual(row);
  });

  it('keeps a row that is larger than an item may be', async () => {
    const store = failedRequests(tables.client, await tables.create('FailedRequestsTable'));
    const taskId = 'x'.repeat(215_000);
    const row = aFailedRequest({ guid: 'large', taskId, eventBody: JSON.stringify({ taskId }) });
    expect(await store.add(row)).toBe('added');
    expect((await store.get('large'))?.eventBody).toBe(row.eventBody);
  });
});
verdictFactsContract('the tables', async (rules) => {
  const names = {
    deliveries: await tables.create('DeliveriesTable'),
    optOuts: await tables.create('OptOutsTable'),
  };
  return {
    deliveries: deliveries(tables.client, names.deliveries),
    optOuts: optOuts(tables.client, names.optOuts, rules),
    facts: verdictFacts(tables.client, names, rules),
  };
});

describe('the history of opt-outs', () => {
  it('keeps what a person said, also when it did not come from a list, and goes on page by page', async () => {
    const history = optOutHistory(tables.client, await tables.create('OptOutHistoryTable'), {
      ttlSeconds: 60,
      clock: () => 9_000,
    });
    const table = await tables.create('OptOutsTable');
    const rules = { refusalTtlSeconds: 60, clock: fakeClock() };
    const store = optOutRegister(tables.client, table, rules, history);
    await store.optOut('tenant-a', '+12025550123', 'twilio:STOP', 1_000, 'SM1');
    await store.optOut('tenant-a', '+12025550123', 'twilio:STOP', 2_000, 'SM1');
    await store.optIn('tenant-a', '+12025550123', 'twilio:START', 3_000, 'SM2');
    await store.noteRefusal('tenant-a', '+12025550123', 'twilio:21610', 4_000);

    const first = await store.history('tenant-a', '+12025550123', { limit: 1 });
    const { cursor } = first;
    const second = await store.history('tenant-a', '+12025550123', { limit: 1, cursor });
    expect([...first.items, ...second.items]).toEqual([
      {
        address: '+12025550123',
        status: 'opted-in',
        at: 3_000,
        source: 'twilio:START',
        messageId: 'SM2',
        recordedAt: 9_000,
      },
      {
        address: '+12025550123',
        status: 'opted-out',
        at: 1_000,
        source: 'twilio:STOP',
        messageId: 'SM1',
        recordedAt: 9_000,
      },
    ]);

    const page = await store.standingSince('tenant-a', 0, { limit: 1 });
    const next = await store.standingSince('tenant-a', 0, { limit: 5, cursor: page.cursor });
    expect([page.items, next.items.map(({ messageId }) => messageId)]).toEqual([[], ['SM2']]);
  });
});

describe('an item of OptOuts', () => {
  const rules = { refusalTtlSeconds: 60, clock: fakeClock() };
  const key = { opt_out_id: 'tenant-a#+12025550123' };
  const setUp = async () => {
    const table = await tables.create('OptOutsTable');
    const item = async () =>
      (await tables.client.send(new GetCommand({ TableName: table, Key: key }))).Item;
    return { table, item, store: optOuts(tables.client, table, rules) };
  };

  it('expires while it holds a refusal alone, and is kept for ever with a word', async () => {
    const { item, store } = await setUp();
    await store.noteRefusal('tenant-a', '+12025550123', 'twilio:21610', 1_000_500);
    expect(await item()).toMatchObject({ expire_ts: 1_061, refused_by: 'twilio:21610' });
    await store.optOut('tenant-a', '+12025550123', 'twilio:STOP', 1_000_000);
    expect(await item()).not.toHaveProperty('expire_ts');
    await store.noteRefusal('tenant-a', '+12025550123', 'twilio:21610', 1_002_000);
    expect(await item()).not.toHaveProperty('expire_ts');
  });

  it('that holds a word and no version is read and replaced', async () => {
    const { table, item, store } = await setUp();
    const word = { status: 'opted-out', said_at: new Date(5).toISOString(), source: 'twilio:STOP' };
    await tables.client.send(new PutCommand({ TableName: table, Item: { ...key, ...word } }));
    expect(await store.isOptedOut('tenant-a', '+12025550123')).toBe(true);
    await store.optIn('tenant-a', '+12025550123', 'twilio:START', 6);
    expect(await item()).toMatchObject({ status: 'opted-in', version: 1 });
  });
});
