import { describe, expect, it } from 'vitest';
import { keepDeadEvent } from '../../../domain/feedback/dead-event.ts';
import type { StatusUpdate } from '../../../domain/feedback/external-event-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';

const update: StatusUpdate = {
  v: 1,
  kind: 'status',
  key: 'twilio:SM1:delivered',
  tenantId: 'tenant-a',
  provider: 'twilio',
  channel: 'SMS',
  providerMessageId: 'SM1',
  receivedAt: BUILT_AT,
  word: 'delivered',
  guid: 'guid-1',
  identityId: 'identity-1',
  externalCode: 'TSK_1',
  responseTrackingCode: 'rtc-1',
};

function setUp() {
  const failedRequests = fakeFailedRequests();
  const optOuts = fakeOptOuts();
  const deps = {
    failedRequests,
    optOuts,
    failedRequestTtlSeconds: 3600,
    clock: () => BUILT_AT,
    observe: fakeObserve(),
  };
  return {
    failedRequests,
    optOuts,
    keep: (body: string, failure?: string) =>
      keepDeadEvent({ body, messageId: 'queue-id-1', failure }, deps),
  };
}

describe('an external event that CI360 did not take', () => {
  it('keeps nothing of a reply whose writer was erased', async () => {
    const { keep, failedRequests, optOuts } = setUp();
    const reply = {
      ...update,
      kind: 'reply',
      key: 'twilio:SM2:reply',
      tenantFrom: 'route',
      from: '+12025550123',
      to: '+12025550100',
      body: 'Where is my parcel?',
      attributes: {},
    };
    await optOuts.markErased('tenant-a', '+12025550123', reply.receivedAt);
    await keep(JSON.stringify(reply));
    expect(failedRequests.all()).toMatchObject([
      { status: 'resolved', errorCode: 'erased', eventBody: '' },
    ]);
  });

  it('becomes a failed request under its key, once', async () => {
    const { keep, failedRequests } = setUp();
    const why = JSON.stringify({ class: 'config', code: 'HTTP 401', message: 'Refused.' });
    await keep(JSON.stringify(update), why);
    await keep(JSON.stringify(update), why);

    expect(failedRequests.all()).toMatchObject([
      {
        guid: 'twilio:SM1:delivered',
        tenantId: 'tenant-a',
        kind: 'external-event',
        status: 'failed',
        errorCode: 'HTTP 401',
        eventBody: JSON.stringify(update),
      },
    ]);
  });

  it('returns to failed when its replay did not help', async () => {
    const { keep, failedRequests } = setUp();
    await keep(JSON.stringify(update));
    const [row] = failedRequests.all();
    if (row === undefined) throw new Error('the event was not kept');
    await failedRequests.swap(row, { ...row, status: 'replaying', replays: 1, replayId: 'r' });
    await keep(JSON.stringify({ ...update, replay: { id: 'r', no: 1 } }));

    expect(failedRequests.all()).toMatchObject([{ status: 'failed', replays: 1, replayId: 'r' }]);
  });

  it('is kept as poison when it cannot be read', async () => {
    const { keep, failedRequests } = setUp();
    await keep('{}');

    expect(failedRequests.all()).toMatchObject([
      { guid: 'poison-queue-id-1', kind: 'external-event', errorClass: 'poison' },
    ]);
  });
});
