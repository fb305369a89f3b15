import { describe, expect, it, vi } from 'vitest';
import { SECOND } from '../../../domain/clock.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import { keepDeadMessage } from '../../../domain/failed-requests/dead-letter.ts';
import type { FailedRequest } from '../../../domain/failed-requests/failed-request.ts';
import type { DeadLetter } from '../../../domain/failed-requests/store.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';

const request = aMessageRequest();
const failure = {
  class: 'config',
  code: '20003',
  message: 'The credentials were refused.',
  advice: 'Mend the token.',
  httpStatus: 401,
} as const;
const replayNo = (no: number) => ({ id: `replay-${no}`, no, ignoreTtl: false });

function setUp(rows: FailedRequest[] = [], records: Delivery[] = []) {
  const failedRequests = fakeFailedRequests(rows);
  const deliveries = fakeDeliveries(records);
  const optOuts = fakeOptOuts();
  const deps = {
    failedRequests,
    deliveries,
    optOuts,
    failedRequestTtlSeconds: 3600,
    clock: () => BUILT_AT,
    observe: fakeObserve(),
  };
  const letterOf = (overrides: Partial<DeadLetter> = {}): DeadLetter => ({
    body: JSON.stringify(request),
    messageId: 'queue-id-1',
    failure: JSON.stringify(failure),
    ...overrides,
  });
  return {
    failedRequests,
    optOuts,
    deliveries,
    keep: (letter: Partial<DeadLetter> = {}) => keepDeadMessage(letterOf(letter), deps),
    row: () => failedRequests.get(request.guid),
  };
}

describe('a dead letter', () => {
  it('of a person who was erased after it was accepted keeps neither number nor text', async () => {
    const { keep, row, optOuts } = setUp();
    await optOuts.markErased(request.tenantId, request.to, request.acceptedAt);
    await keep();
    await keep();
    expect(await row()).toMatchObject({ status: 'resolved', errorCode: 'erased', eventBody: '' });
  });

  it('becomes a failed request with its reason and what a replay needs', async () => {
    const { keep, row } = setUp([], [aDelivery({ status: 'failed', attempts: 8 })]);

    expect(await keep()).toEqual({ kind: 'done' });
    expect(await row()).toEqual({
      guid: request.guid,
      tenantId: request.tenantId,
      kind: 'message',
      status: 'failed',
      provider: 'twilio',
      channel: 'SMS',
      eventBody: JSON.stringify(request),
      generatedTimestamp: new Date(request.generatedAt).toISOString(),
      insertTs: new Date(BUILT_AT).toISOString(),
      httpStatus: 401,
      errorCode: '20003',
      errorClass: 'config',
      errorMessage: failure.message,
      advice: failure.advice,
      attempts: 8,
      taskId: request.taskId,
      sender: request.from,
      replays: 0,
      expireTs: BUILT_AT / 1000 + 3600,
    });
  });

  it('with a reason of its worker waits for nothing and changes no delivery', async () => {
    const lease = { token: 'busy', since: BUILT_AT, until: BUILT_AT + 30 * SECOND };
    const busy = aDelivery({ lease });
    const { keep, row, deliveries } = setUp([], [busy]);

    expect(await keep()).toEqual({ kind: 'done' });
    expect(await row()).toMatchObject({ errorCode: '20003' });
    expect(deliveries.all()).toEqual([busy]);
  });

  it('is kept once, however often it comes', async () => {
    const { keep, failedRequests } = setUp();
    await keep();
    await keep({ failure: JSON.stringify({ ...failure, code: 'other' }) });

    expect(failedRequests.all()).toHaveLength(1);
    expect(failedRequests.all()[0]?.errorCode).toBe('20003');
  });

  it('returns a replayed request to failed with the new reason', async () => {
    const { keep, row } = setUp([
      aFailedRequest({
        guid: request.guid,
        tenantId: request.tenantId,
        status: 'replaying',
        replays: 2,
        replayId: 'replay-2',
        errorCode: 'old',
      }),
    ]);
    await keep({ body: JSON.stringify({ ...request, replay: replayNo(2) }) });

    expect(await row()).toMatchObject({
      status: 'failed',
      replays: 2,
      replayId: 'replay-2',
      errorCode: '20003',
    });
  });

  it('is not added in vain when it is a replayed request', async () => {
    const replaying = { status: 'replaying', replays: 2, replayId: 'replay-2' } as const;
    const { failedRequests, keep } = setUp([aFailedRequest({ guid: request.guid, ...replaying })]);
    const add = vi.spyOn(failedRequests, 'add');
    await keep({ body: JSON.stringify({ ...request, replay: replayNo(2) }) });

    expect(add).not.toHaveBeenCalled();
    expect(failedRequests.all()).toMatchObject([{ status: 'failed', replays: 2 }]);
  });

  it('returns a request to failed under the key it is kept by, when another tenant had its guid first', async () => {
    const first = aFailedRequest({ guid: request.guid, tenantId: 'tenant-b' });
    const key = `${request.tenantId}#${request.guid}`;
    const own = { guid: key, tenantId: request.tenantId, status: 'replaying', replays: 1 } as const;
    const { keep, failedRequests } = setUp([first, aFailedRequest(own)]);
    await keep({ body: JSON.stringify({ ...request, replay: replayNo(1) }) });

    expect(failedRequests.all()).toMatchObject([first, { guid: key, status: 'failed' }]);
  });

  it.each(['replaying', 'resolved', 'failed'] as const)(
    'does not touch a %s request when it is a late copy of an earlier replay',
    async (status) => {
      const before = aFailedRequest({
        guid: request.guid,
        tenantId: request.tenantId,
        status,
        replays: 2,
      });
      const { keep, row } = setUp([before]);
      await keep({ body: JSON.stringify({ ...request, replay: replayNo(1) }) });

      expect(await row()).toEqual(before);
    },
  );

  it('is dropped when a callback has told meanwhile that the message was sent', async () => {
    const replaying = aFailedRequest({
      guid: request.guid,
      tenantId: request.tenantId,
      status: 'replaying',
      replays: 1,
    });
    const { keep, row } = setUp([replaying], [aDelivery({ status: 'delivered' })]);
    const replayed = JSON.stringify({ ...request, replay: replayNo(1) });

    expect(await keep({ body: replayed })).toEqual({ kind: 'done' });
    expect(await row()).toMatchObject({ status: 'resolved' });
  });

  it('that cannot be read is kept under the queue id, with the tenant where it can be made out', async () => {
    const { keep, failedRequests } = setUp();
    await keep({ body: '{"tenantId":"tenant-b","v":99}', failure: undefined });
    await keep({ body: 'not json', failure: undefined, messageId: 'queue-id-2' });

    expect(failedRequests.all()).toMatchObject([
      { guid: 'poison-queue-id-1', tenantId: 'tenant-b', errorClass: 'poison' },
      {
        guid: 'poison-queue-id-2',
        tenantId: 'unknown',
        errorClass: 'poison',
        eventBody: 'not json',
      },
    ]);
  });

  it('stays on its queue while the table is down', async () => {
    const { keep, failedRequests } = setUp();
    failedRequests.outage.begin();

    await expect(keep()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a dead letter that SQS moved by itself', () => {
  const redriven = { failure: undefined };

  it('takes its reason from the delivery and marks that as failed', async () => {
    const { keep, row, deliveries } = setUp(
      [],
      [aDelivery({ status: 'sending', lastError: failure })],
    );
    await keep(redriven);

    expect(await row()).toMatchObject({ errorCode: '20003', errorClass: 'config' });
    expect(deliveries.all()).toMatchObject([{ status: 'failed', version: 2 }]);
  });

  it.each(['failed', 'expired'] as const)(
    'leaves the delivery as it is when that has ended already: %s',
    async (status) => {
      const ended = aDelivery({ status, lastError: failure });
      const { keep, row, deliveries } = setUp([], [ended]);
      await keep(redriven);

      expect(await row()).toMatchObject({ errorCode: '20003' });
      expect(deliveries.all()).toEqual([ended]);
    },
  );

  it('looks again when the delivery changed while it was being marked', async () => {
    const { keep, row, deliveries } = setUp([], [aDelivery({ lastError: failure })]);
    vi.spyOn(deliveries, 'swap').mockResolvedValueOnce(false);

    expect(await keep(redriven)).toEqual({ kind: 'retry', seconds: 1 });
    expect(await row()).toBeUndefined();
    expect(await keep(redriven)).toEqual({ kind: 'done' });
    expect(await row()).toMatchObject({ errorCode: '20003' });
  });

  it('does not wait for a lease that ends at this moment', async () => {
    const lease = { token: 'dead', since: BUILT_AT - 90 * SECOND, until: BUILT_AT };
    const { keep, row } = setUp([], [aDelivery({ lease })]);

    expect(await keep(redriven)).toEqual({ kind: 'done' });
    expect(await row()).toMatchObject({ errorClass: 'unknown' });
  });

  it('is in doubt when its worker died while it held the delivery', async () => {
    const lease = { token: 'dead', since: BUILT_AT - 90 * SECOND, until: BUILT_AT - SECOND };
    const { keep, row, deliveries } = setUp([], [aDelivery({ lease })]);
    await keep(redriven);

    expect(await row()).toMatchObject({ errorClass: 'unknown', errorCode: 'redriven' });
    expect(deliveries.all()[0]).toMatchObject({ doubt: { from: lease.since, to: lease.until } });
    expect(deliveries.all()[0]).not.toHaveProperty('lease');
  });

  it('is of class unknown while an attempt is in doubt, whatever went wrong last', async () => {
    const doubt = { from: BUILT_AT - 90 * SECOND, to: BUILT_AT - SECOND };
    const transient = { ...failure, class: 'transient' } as const;
    for (const lastError of [undefined, transient]) {
      const known = aDelivery({ doubt, ...(lastError ? { lastError } : {}) });
      const { keep, row, deliveries } = setUp([], [known]);
      await keep(redriven);

      expect(await row()).toMatchObject({ errorClass: 'unknown' });
      expect(deliveries.all()).toMatchObject([{ status: 'failed', doubt }]);
    }
  });

  it('waits while a copy of it is being worked on', async () => {
    const lease = { token: 'busy', since: BUILT_AT, until: BUILT_AT + 30 * SECOND };
    const { keep, row } = setUp([], [aDelivery({ lease })]);

    expect(await keep(redriven)).toEqual({ kind: 'retry', seconds: 30 });
    expect(await row()).toBeUndefined();
  });

  it('is kept even when no delivery tells of it', async () => {
    const { keep, row } = setUp();
    await keep(redriven);

    expect(await row()).toMatchObject({ errorClass: 'transient', errorCode: 'redriven' });
  });
});

describe('a dead letter that is older than the replay that owns the delivery', () => {
  it.each([
    ['moved by SQS', undefined],
    ['handed over', JSON.stringify(failure)],
  ])('changes neither the delivery nor the failed request: %s', async (_, reason) => {
    const replaying = aFailedRequest({ status: 'replaying', replays: 1, replayId: 'replay-1' });
    const owned = aDelivery({ status: 'sending', replayNo: 1 });
    const { keep, row, deliveries } = setUp([replaying], [owned]);

    expect(await keep({ failure: reason })).toEqual({ kind: 'done' });
    expect(deliveries.all()).toEqual([owned]);
    expect(await row()).toEqual(replaying);
  });
});
