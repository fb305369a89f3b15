import { describe, expect, it } from 'vitest';
import { keepDeadEvent } from '../../../domain/feedback/dead-event.ts';
import type { StatusUpdate } from '../../../domain/feedback/external-event-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';

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
  const deps = {
    failedRequests,
    failedRequestTtlSeconds: 3600,
    clock: () => BUILT_AT,
    observe: fakeObserve(),
  };
  return {
    failedRequests,
    keep: (body: string, failure?: string) =>
      keepDeadEvent({ body, messageId: 'queue-id-1', failure }, deps),
  };
}

describe('an external event that CI360 did not take', () => {
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
