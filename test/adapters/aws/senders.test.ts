import { afterAll, beforeAll, expect, it } from 'vitest';
import { laneQueue } from '../../../adapters/aws/lane-queue.ts';
import { senders } from '../../../adapters/aws/senders.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { pacesContract } from '../../contracts/paces.contract.ts';
import { startQueues, startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let queues: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  [tables, queues] = await Promise.all([startTables(), startQueues()]);
});
afterAll(async () => {
  await Promise.all([tables.close(), queues.close()]);
});

pacesContract('DynamoDB', async () =>
  senders(tables.client, await tables.create('SendersTable'), { clock: () => BUILT_AT }),
);

const entry = (no: number, lane = 'lane-a') => ({
  request: aMessageRequest({ guid: `guid-${no}` }),
  lane,
  entryId: `entry-${no}`,
});

it('A lane hands out one batch at a time, and takes an entry once', async () => {
  const url = await queues.create({ FifoQueue: 'true' }, '.fifo');
  const lanes = laneQueue(queues.client, url);
  const entries = Array.from({ length: 12 }, (_, no) => entry(no));
  expect(await lanes.enter(entries)).toEqual(entries.map(() => 'enqueued'));
  // Its worker died before it deleted the record, or the answer was lost.
  expect(await lanes.enter([entry(3)])).toEqual(['enqueued']);
  expect(await lanes.enter([entry(20, 'lane-b')])).toEqual(['enqueued']);

  const first = await queues.receive(url);
  expect(first).toHaveLength(10);
  expect(await queues.receive(url)).toEqual(['guid-20']);
  expect(await queues.receive(url)).toEqual([]);
  expect(first).toEqual(entries.slice(0, 10).map(({ request }) => request.guid));
});
