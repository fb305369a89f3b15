import { expect, it } from 'vitest';
import type { EnqueueResult } from '../../../domain/outbound/ports.ts';
import { addSkipped, dispatch } from '../../../domain/replay/dispatch.ts';
import { readRecord } from '../../../domain/replay/record.ts';
import type { Taken } from '../../../domain/replay/take.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';

const event = { v: 1, kind: 'status', key: 'event-1', tenantId: 'tenant-a' };
const rows = {
  message: aFailedRequest({ guid: 'message-1', status: 'replaying' }),
  other: aFailedRequest({ guid: 'message-2', status: 'replaying' }),
  event: aFailedRequest({
    guid: 'event-1',
    status: 'replaying',
    kind: 'external-event',
    eventBody: JSON.stringify(event),
  }),
};
const claimed = (name: keyof typeof rows): Taken => {
  const record = readRecord(rows[name]);
  if (record === undefined) throw new Error('cannot be read');
  return { kind: 'requeue', row: rows[name], record };
};

function setUp(results: { messages?: EnqueueResult[]; events?: EnqueueResult[] } = {}) {
  const calls: string[] = [];
  const failedRequests = fakeFailedRequests(Object.values(rows));
  const observe = fakeObserve();
  return {
    calls,
    failedRequests,
    observe,
    run: (batch: readonly Taken[]) =>
      dispatch(batch, {
        failedRequests,
        observe,
        queues: {
          messages: async (requests) => {
            calls.push(`messages ${requests.map(({ guid }) => guid)}`);
            return results.messages ?? requests.map(() => 'enqueued');
          },
          externalEvents: async (events) => {
            calls.push(`events ${events.map(({ tenantId }) => tenantId)}`);
            return results.events ?? events.map(() => 'enqueued');
          },
        },
      }),
  };
}

it('puts messages and external events on the queues that they came from, and counts both', async () => {
  const w = setUp();

  expect(await w.run([claimed('message'), claimed('event'), claimed('other')])).toEqual({
    requeued: 3,
    skipped: {},
  });
  expect(w.calls).toEqual(['messages message-1,message-2', 'events tenant-a']);
  expect(w.observe.counted('replayed')).toBe(3);
});

it('counts what an earlier run requeued, and does not put it on a queue again', async () => {
  const w = setUp();

  expect(await w.run([{ kind: 'settled' }, { kind: 'settled' }])).toEqual({
    requeued: 2,
    skipped: {},
  });
  expect(w.calls).toEqual([]);
  expect(w.observe.counted('replayed')).toBe(0);
});

it('adds up by verdict what is left alone', async () => {
  const skip = (verdict: 'expired' | 'opted-out'): Taken => ({ kind: 'skipped', verdict });

  expect(await setUp().run([skip('expired'), skip('opted-out'), skip('expired')])).toEqual({
    requeued: 0,
    skipped: { expired: 2, 'opted-out': 1 },
  });
});

it.each([
  ['messages', { messages: ['failed'] as EnqueueResult[] }, claimed('message')],
  ['external events', { events: ['failed'] as EnqueueResult[] }, claimed('event')],
  ['messages, without a result,', { messages: [] as EnqueueResult[] }, claimed('message')],
])('throws when the queue of %s did not confirm', async (_, results, taken) => {
  const w = setUp(results);

  await expect(w.run([taken])).rejects.toThrow(new Unavailable('outbound-queue'));
  expect(w.observe.counted('replayed')).toBe(0);
});

it('gives back what is too large with its reason, beside what the queue took', async () => {
  const w = setUp({ messages: ['too-large', 'enqueued'] });

  expect(await w.run([claimed('message'), claimed('other')])).toEqual({
    requeued: 1,
    skipped: { 'needs-editing': 1 },
  });
  expect(await w.failedRequests.get('message-1')).toMatchObject({
    status: 'failed',
    errorClass: 'permanent',
    errorCode: 'too-large',
    errorMessage: 'The record is larger than the queue can hold.',
  });
  expect(await w.failedRequests.get('message-2')).toEqual(rows.other);
});

it('sums what two batches left alone, without verdicts that nothing has', () => {
  expect(addSkipped({ expired: 2, 'opted-out': 1 }, { expired: 3, 'needs-editing': 1 })).toEqual({
    expired: 5,
    'opted-out': 1,
    'needs-editing': 1,
  });
  expect(addSkipped({}, { expired: 0 })).toEqual({});
});
