import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { replaySchedule } from '../../../adapters/aws/shared-schedule.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { anyone, startTables } from '../../support/aws.ts';
import { loseFirstAnswer } from '../../support/lose-answer.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

/** A client that loses the answer to its first call. */
function forgetful() {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...anyone, endpoint: tables.endpoint }),
  );
  loseFirstAnswer(client);
  return client;
}

describe('a conditional write whose answer was lost', () => {
  it('is known to have succeeded: insert', async () => {
    const table = await tables.create('DeliveriesTable');
    expect(await deliveries(forgetful(), table).insert(aDelivery())).toBe(true);
  });

  it('is known to have succeeded: swap', async () => {
    const table = await tables.create('DeliveriesTable');
    await deliveries(tables.client, table).insert(aDelivery());
    const next = aDelivery({ version: 2, lease: { token: 'me', since: 1, until: 2 } });
    expect(await deliveries(forgetful(), table).swap(next)).toBe(true);
  });

  it('is not taken for another writer’s', async () => {
    const table = await tables.create('DeliveriesTable');
    const theirs = aDelivery({ lease: { token: 'them', since: 1, until: 2 } });
    const ours = aDelivery({ lease: { token: 'us', since: 1, until: 2 } });
    await deliveries(tables.client, table).insert(theirs);
    expect(await deliveries(forgetful(), table).insert(ours)).toBe(false);
  });

  it('is known to have succeeded: a failed request added and claimed', async () => {
    const table = await tables.create('FailedRequestsTable');
    const failed = aFailedRequest();
    expect(await failedRequests(forgetful(), table).add(failed)).toBe('added');
    const claimed = { ...failed, status: 'replaying' as const, replays: 1, replayId: 'r1' };
    expect(await failedRequests(forgetful(), table).swap(failed, claimed)).toBe(true);
  });

  it('is known to have succeeded: a failed request removed', async () => {
    const table = await tables.create('FailedRequestsTable');
    await failedRequests(tables.client, table).add(aFailedRequest());
    expect(await failedRequests(forgetful(), table).remove(aFailedRequest())).toBe(true);
  });
});

describe('a slot of the shared schedule whose answer was lost', () => {
  it('is wasted: the repetition reserves the one after it', async () => {
    const table = await tables.create('ReplaysTable');
    const slot = {
      freeBy: 1000,
      dueAt: 1000,
      endsAt: 1100,
      lengthMs: 100,
      latestAt: 6000,
      wrongAfter: 61_000,
    };
    expect(await replaySchedule(forgetful(), table).reserve(slot)).toBe(1100);
    expect(await replaySchedule(tables.client, table).reserve(slot)).toBe(1200);
  });
});
