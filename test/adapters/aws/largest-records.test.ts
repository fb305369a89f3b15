import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveries } from '../../../adapters/aws/deliveries.ts';
import { failedRequests } from '../../../adapters/aws/failed-requests.ts';
import { identities } from '../../../adapters/aws/identities.ts';
import { messageOwners } from '../../../adapters/aws/message-owners.ts';
import { optOuts } from '../../../adapters/aws/opt-outs.ts';
import { replays } from '../../../adapters/aws/replays.ts';
import { replyLog } from '../../../adapters/aws/reply-log.ts';
import {
  personAddressSchema,
  providerMessageIdSchema,
} from '../../../domain/feedback/external-event-request.ts';
import { guidSchema } from '../../../domain/outbound/message-request.ts';
import { tenantIdSchema } from '../../../domain/tenant/tenant-id.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

/** The longest that each edge lets in. */
const tenantId = tenantIdSchema.parse('t'.repeat(64));
const guid = guidSchema.parse('g'.repeat(128));
const address = personAddressSchema.parse('日'.repeat(128));
const messageId = providerMessageIdSchema.parse('S'.repeat(80));
const code = '日'.repeat(256);
const until = { ttlSeconds: 60, clock: fakeClock() };

describe('the longest records that the edges let in fit their tables', () => {
  it('deliveries, their owners and the log of replies', async () => {
    const table = await tables.create('DeliveriesTable');
    const delivery = aDelivery({
      deliveryId: `${tenantId}#${guid}`,
      tenantId,
      guid,
      taskId: code,
      identityId: code,
      externalCode: code,
      responseTrackingCode: code,
      tried: { sender: code, content: code },
      providerMessageId: messageId,
    });
    expect(await deliveries(tables.client, table).insert(delivery)).toBe(true);
    const claim = { deliveryId: delivery.deliveryId, expireTs: 1 };
    expect(await messageOwners(tables.client, table).claim(messageId, claim)).toBe(true);
    const log = replyLog(tables.client, table, until);
    const id = `${tenantId}#twilio#${messageId}`;
    expect(await log.claim(id, { now: 1, until: 2 })).toBe('claimed');
  });

  it('identities and opt-outs with all that is remembered of them', async () => {
    const known = identities(tables.client, await tables.create('IdentitiesTable'), until);
    await known.remember(address, tenantId, code);
    expect(await known.find(address, tenantId)).toEqual({ tenantId, datahubId: code });

    const rules = { refusalTtlSeconds: 60, clock: fakeClock() };
    const out = optOuts(tables.client, await tables.create('OptOutsTable'), rules);
    for (let n = 0; n < 25; n += 1) {
      await out.optOut(tenantId, address, code, n, `${messageId}${n}`);
    }
    expect(await out.isOptedOut(tenantId, address)).toBe(true);
  });

  it.each(['x', 'é', '日', '🎂', '\\u00e9'])(
    'failed requests with a record as large as a queue holds: %s',
    async (character) => {
      const rows = failedRequests(tables.client, await tables.create('FailedRequestsTable'));
      const eventBody = character.repeat(Math.floor((1024 * 1024) / Buffer.byteLength(character)));
      const request = aFailedRequest({ tenantId, guid, eventBody, taskId: code, sender: code });
      expect(await rows.add(request)).toBe('added');
      expect(await rows.add({ ...request, tenantId: 'another' })).toBe('added');
    },
  );
});

it('finds nothing under a key that no table can hold, in place of failing again and again', async () => {
  const long = 'é'.repeat(1025);
  const known = identities(tables.client, await tables.create('IdentitiesTable'), until);
  expect(await known.find('')).toBeUndefined();
  expect(await known.find(long)).toBeUndefined();
  const rows = failedRequests(tables.client, await tables.create('FailedRequestsTable'));
  expect(await rows.get(long)).toBeUndefined();
  const records = deliveries(tables.client, await tables.create('DeliveriesTable'));
  expect(await records.get(long)).toBeUndefined();
  expect(await replays(tables.client, await tables.create('ReplaysTable')).get(long)).toBe(
    undefined,
  );
});
