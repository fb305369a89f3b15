import { describe, expect, it, vi } from 'vitest';
import { keep, poisonRow, readFailure, rowOf } from '../../../domain/failed-requests/store.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';

const row = aFailedRequest({ errorCode: 'again' });
const replaying = aFailedRequest({ status: 'replaying', replays: 2, replayId: 'replay-1' });

async function kept(stored: Parameters<typeof fakeFailedRequests>[0], replayNo: number) {
  const failedRequests = fakeFailedRequests(stored);
  const add = vi.spyOn(failedRequests, 'add');
  const observe = fakeObserve();
  await keep(row, replayNo, { failedRequests, observe });
  return { rows: failedRequests.all(), added: add.mock.calls.length, observe };
}

describe('a failed request', () => {
  it('is added, counted and logged', async () => {
    const { rows, observe } = await kept([], 0);
    expect(rows).toEqual([row]);
    expect(observe.counts).toEqual([
      { metric: 'dead_lettered', dimensions: { class: 'config' }, value: 1 },
    ]);
    expect(observe.lines).toEqual([
      {
        level: 'warn',
        message: 'kept as a failed request',
        fields: { tenantId: 'tenant-a', guid: row.guid, class: 'config', code: 'again' },
      },
    ]);
  });

  it('that failed again returns with its new reason, its replay and its count', async () => {
    const { rows, added, observe } = await kept([replaying], 2);
    expect(rows).toEqual([{ ...row, replays: 2, replayId: 'replay-1' }]);
    expect(added).toBe(0);
    expect(observe.counted('dead_lettered')).toBe(1);
  });

  it('whose row is gone when its replay ends is added again with its count', async () => {
    const { rows } = await kept([], 2);
    expect(rows).toEqual([{ ...row, replays: 2 }]);
  });

  it.each([
    ['that is there', aFailedRequest(), 0],
    ['of an earlier replay', replaying, 1],
    ['that was resolved', aFailedRequest({ status: 'resolved', replays: 2 }), 2],
  ])('%s is not changed by a late copy', async (_, stored, replayNo) => {
    const { rows, observe } = await kept([stored], replayNo);
    expect(rows).toEqual([stored]);
    expect(observe.counts).toEqual([]);
  });

  it('that is gone between two calls is not counted', async () => {
    const failedRequests = fakeFailedRequests([]);
    vi.spyOn(failedRequests, 'add').mockResolvedValueOnce('exists');
    const observe = fakeObserve();
    await keep(row, 0, { failedRequests, observe });
    expect(observe.counts).toEqual([]);
  });

  it('that another copy settles at this moment is counted once', async () => {
    const failedRequests = fakeFailedRequests([replaying]);
    vi.spyOn(failedRequests, 'swap').mockResolvedValueOnce(false);
    const observe = fakeObserve();
    await keep(row, 2, { failedRequests, observe });
    expect(observe.counts).toEqual([]);
  });
});

describe('the columns of a failed request', () => {
  const deps = { clock: () => BUILT_AT + 1, failedRequestTtlSeconds: 100 };
  const failure = { class: 'config', code: '20003', message: 'No.' } as const;

  it('hold the reason as far as there is one', () => {
    const columns = {
      status: 'failed',
      eventBody: 'body',
      insertTs: new Date(BUILT_AT + 1).toISOString(),
      errorCode: '20003',
      errorClass: 'config',
      errorMessage: 'No.',
      replays: 0,
      expireTs: BUILT_AT / 1000 + 101,
    };
    expect(rowOf(failure, 'body', deps)).toEqual(columns);
    expect(rowOf({ ...failure, httpStatus: 401, advice: 'Fix it.' }, 'body', deps)).toEqual({
      ...columns,
      httpStatus: 401,
      advice: 'Fix it.',
    });
  });

  const letter = { body: '{"tenantId":"tenant-a"}', messageId: 'record-1', failure: undefined };
  it('of a record that cannot be read name it by its record', () => {
    expect(poisonRow(letter, 'message', deps)).toMatchObject({
      guid: 'poison-record-1',
      tenantId: 'tenant-a',
      kind: 'message',
      provider: 'unknown',
      channel: 'unknown',
      generatedTimestamp: new Date(BUILT_AT + 1).toISOString(),
      attempts: 0,
      taskId: '',
      sender: '',
      errorClass: 'poison',
      errorCode: 'unreadable',
      errorMessage: 'The record is not a request of kind message.',
      advice: 'Find out what writes to its queue; this record cannot be replayed.',
    });
  });

  it('of a record that cannot be read take its reason where it has one', () => {
    const attribute = JSON.stringify(failure);
    expect(poisonRow({ ...letter, failure: attribute }, 'message', deps)).toMatchObject({
      errorCode: '20003',
    });
  });

  it.each(['null', '"text"', '{}', '{"tenantId":7}', 'not json'])('of %s are nobody’s', (body) => {
    expect(poisonRow({ ...letter, body }, 'message', deps).tenantId).toBe('unknown');
  });

  it('take no reason from what is none', () => {
    expect(readFailure(undefined)).toBeUndefined();
    expect(readFailure('{')).toBeUndefined();
    expect(readFailure('{"class":"odd"}')).toBeUndefined();
    expect(readFailure(JSON.stringify(failure))).toEqual(failure);
  });
});
