import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastSuccesses, successNotes } from '../../../adapters/aws/last-successes.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

async function setUp() {
  const clock = fakeClock();
  const table = await tables.create('DeliveriesTable');
  const notes = successNotes(tables.client, table, { clock, ttlSeconds: 3600 });
  const last = async (company: 'twilio' | 'scg' | 'ci360', tenantId = 'tenant-a') =>
    (await lastSuccesses(tables.client, table).of(tenantId))(company);
  return { clock, notes, last, table };
}

describe('the last success of a tenant with a company', () => {
  it('is stored at the end of a batch, apart for each tenant and company', async () => {
    const { notes, last } = await setUp();
    notes.note('tenant-a', 'twilio');
    expect(await last('twilio')).toBeUndefined();
    await notes.save();
    expect(await last('twilio')).toBe(BUILT_AT);
    expect([await last('scg'), await last('twilio', 'tenant-b')]).toEqual([undefined, undefined]);
  });

  it('is stored once a minute at the most, and then with the latest time', async () => {
    const { clock, notes, last } = await setUp();
    notes.note('tenant-a', 'ci360');
    await notes.save();
    clock.advance(59_999);
    notes.note('tenant-a', 'ci360');
    await notes.save();
    expect(await last('ci360')).toBe(BUILT_AT);
    clock.advance(1);
    await notes.save();
    expect(await last('ci360')).toBe(BUILT_AT + 59_999);
  });

  it('is not worth a batch: a table that is gone is no error', async () => {
    const { clock } = await setUp();
    const notes = successNotes(tables.client, 'no-such-table', { clock, ttlSeconds: 3600 });
    notes.note('tenant-a', 'scg');
    await expect(notes.save()).resolves.toBeUndefined();
  });
});
