import { describe, expect, it } from 'vitest';
import { resolveFailedRequest } from '../../../domain/failed-requests/resolve.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';

const replaying = aFailedRequest({ status: 'replaying', replays: 1, replayId: 'replay-1' });
const request = { guid: replaying.guid, tenantId: replaying.tenantId, replay: { no: 1 } };

describe('the failed request of a message that was sent after all', () => {
  it('is resolved', async () => {
    const table = fakeFailedRequests([replaying]);
    await resolveFailedRequest(request, table);

    expect(table.all()).toMatchObject([{ status: 'resolved' }]);
  });

  it('keeps neither number nor text', async () => {
    const table = fakeFailedRequests([replaying]);
    await resolveFailedRequest(request, table);
    expect(table.all()).toMatchObject([{ eventBody: '' }]);
  });

  it('is resolved although someone else changed it in between', async () => {
    const table = fakeFailedRequests([replaying]);
    let first = true;
    await resolveFailedRequest(request, {
      get: table.get,
      swap: async (previous, next) => {
        if (first) {
          first = false;
          await table.swap(previous, { ...replaying, status: 'failed' });
        }
        return table.swap(previous, next);
      },
    });

    expect(table.all()).toMatchObject([{ status: 'resolved' }]);
  });

  it('brings the record back when it cannot be resolved', async () => {
    const table = fakeFailedRequests([replaying]);
    const lost = resolveFailedRequest(request, { get: table.get, swap: async () => false });

    await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not looked for when the message was never replayed', async () => {
    const table = fakeFailedRequests([replaying]);
    await resolveFailedRequest({ guid: request.guid, tenantId: request.tenantId }, table);

    expect(table.all()).toEqual([replaying]);
  });
});
