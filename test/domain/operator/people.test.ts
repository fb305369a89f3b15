import { describe, expect, it } from 'vitest';
import { DAY } from '../../../domain/clock.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aHeldMessage } from '../../builders/held-message.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { someFailed } from '../replay/replay-setup.ts';
import { service } from './service.ts';

const address = '+12025550123';
const other = '+12025550199';
const confirmed = { address, confirm: 'tenant-a' };
const text = 'Your parcel is on its way';

/** Two failed requests of which the first is the person's, and a held message of each. */
async function stored() {
  const rows = someFailed(2, (no) => ({
    eventBody: JSON.stringify(
      aMessageRequest({ guid: `guid-00000${no}`, to: no === 0 ? address : other }),
    ),
  }));
  const s = service(rows);
  const { w, held, identities } = s;
  for (const no of [0, 1]) {
    await w.deliveries.insert(aDelivery({ guid: `guid-00000${no}`, status: 'failed' }));
  }
  const hold = { reason: 'hold', since: BUILT_AT, until: BUILT_AT + DAY } as const;
  for (const [guid, to] of [
    ['guid-held-1', address],
    ['guid-held-2', other],
  ] as const) {
    await w.deliveries.insert(aDelivery({ guid, status: 'held', held: hold }));
    await held.keep(aHeldMessage({ guid, to }, hold));
  }
  await identities.remember(address, 'tenant-a', 'identity-1');
  await w.optOuts.optOut('tenant-a', address, 'twilio:STOP', BUILT_AT);
  return s;
}

const deliveryOf = (s: Awaited<ReturnType<typeof stored>>, guid: string) =>
  s.w.deliveries.get(`tenant-a#${guid}`);

describe('exporting a person', () => {
  it('shows everything that is stored about them, and nothing about others', async () => {
    const { call } = await stored();
    const { status, body } = await call('POST /people/export', { body: { address } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ tenantId: 'tenant-a', number: address });
    const items = JSON.stringify(body.items);
    for (const part of ['guid-000000', 'guid-held-1', text, 'twilio:STOP']) {
      expect(items).toContain(part);
    }
    for (const part of ['guid-000001', 'guid-held-2', other]) expect(items).not.toContain(part);
  });

  it('says what was not searched', async () => {
    const { call } = await stored();
    const { body } = await call('POST /people/export', { body: { address } });
    expect(body.notSearched).toEqual([expect.stringContaining('message_search is off')]);
  });

  it('goes on where a page ended, when there is more than fits the time', async () => {
    const s = service(
      someFailed(1, () => ({ eventBody: JSON.stringify(aMessageRequest()) })),
      {
        budgetMs: 0,
      },
    );
    const found: unknown[] = [];
    let cursor: unknown;
    let pages = 0;
    do {
      const { body } = await s.call('POST /people/export', { body: { address, cursor } });
      if (Array.isArray(body.items)) found.push(...body.items);
      cursor = body.cursor;
      pages += 1;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(3);
    expect(found).toMatchObject([{ store: 'failed-requests' }]);
  });
});

describe('erasing a person', () => {
  it('takes their number and text out of what failed and was held, and leaves others alone', async () => {
    const s = await stored();
    const { status, body } = await s.call('POST /people/erase', { body: confirmed });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      address: '…23',
      inFlight: 0,
      stores: [
        { store: 'held-messages', erased: 1 },
        { store: 'failed-requests', erased: 1 },
      ],
    });
    const rows = s.w.failedRequests.all();
    expect(rows).toMatchObject([
      { status: 'resolved', errorCode: 'erased', eventBody: '' },
      { status: 'failed', eventBody: expect.stringContaining(other) },
    ]);
    expect(s.held.all().map(({ request }) => request.guid)).toEqual(['guid-held-2']);
    for (const guid of ['guid-000000', 'guid-held-1']) {
      expect(await deliveryOf(s, guid)).toMatchObject({ identityId: '', status: 'failed' });
    }
    // Nothing of what is left could be released, replayed or sent to the person.
    expect(await s.w.optOuts.stateOf('tenant-a', address)).toEqual({
      isOptedOut: true,
      erasedAt: s.w.clock(),
    });
  });

  it('changes nothing the second time', async () => {
    const s = await stored();
    await s.call('POST /people/erase', { body: confirmed });
    const before = s.w.deliveries.all();
    const { body } = await s.call('POST /people/erase', { body: confirmed });
    expect(body).toMatchObject({ inFlight: 0 });
    expect(s.w.deliveries.all()).toEqual(before);
  });

  it('ends in the same state when it dies anywhere and is repeated', async () => {
    const whole = await stored();
    await whole.call('POST /people/erase', { body: confirmed });
    for (const part of ['deliveries', 'failedRequests', 'held'] as const) {
      const s = await stored();
      const { outage } = part === 'held' ? s.held : s.w[part];
      outage.begin();
      await expect(s.call('POST /people/erase', { body: confirmed })).rejects.toThrow();
      outage.end();
      expect((await s.call('POST /people/erase', { body: confirmed })).status).toBe(200);
      expect(s.w.failedRequests.all()).toEqual(whole.w.failedRequests.all());
      expect(s.w.deliveries.all()).toEqual(whole.w.deliveries.all());
      expect(s.held.all()).toEqual(whole.held.all());
    }
  });

  it('leaves what a worker is at whole, and reports it', async () => {
    const s = await stored();
    const delivery = await deliveryOf(s, 'guid-000000');
    if (delivery === undefined) throw new Error('no delivery');
    const lease = { token: 'claim', since: s.w.clock(), until: s.w.clock() + 1000 };
    await s.w.deliveries.swap({ ...delivery, status: 'sending', version: 2, lease });
    const { body } = await s.call('POST /people/erase', { body: confirmed });
    expect(body.inFlight).toBeGreaterThan(0);
    expect(await deliveryOf(s, 'guid-000000')).toMatchObject({ identityId: 'identity-1' });
    expect(s.w.failedRequests.all()[0]).toMatchObject({ status: 'failed' });
    s.w.clock.advance(1000);
    expect((await s.call('POST /people/erase', { body: confirmed })).body.inFlight).toBe(0);
    expect(s.w.failedRequests.all()[0]).toMatchObject({ eventBody: '' });
  });

  it('needs the tenant id once more', async () => {
    const s = await stored();
    const { status } = await s.call('POST /people/erase', { body: { address } });
    expect(status).toBe(422);
    expect(await s.w.optOuts.stateOf('tenant-a', address)).not.toHaveProperty('erasedAt', 1);
    expect(s.w.failedRequests.all()[0]).toMatchObject({ status: 'failed' });
  });

  it('is kept in the audit, without the number', async () => {
    const s = await stored();
    await s.call('POST /people/erase', { body: confirmed });
    const entries = (await s.audit.list('tenant-a', 0, { limit: 10 })).items;
    expect(entries).toMatchObject([{ action: 'POST /people/erase', result: { inFlight: 0 } }]);
    expect(JSON.stringify(entries)).not.toContain('2025550123');
  });
});
