import { describe, expect, it, vi } from 'vitest';
import { claimDelivery, settleDelivery } from '../../../domain/delivery/claim-and-settle.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { Deliveries } from '../../../domain/delivery/ports.ts';
import type { Ending } from '../../../domain/delivery/settle.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { worldPolicy } from './delivery-simulation.ts';

const now = BUILT_AT;
const request = aMessageRequest();
const lease = { token: 'mine', since: now, until: now + 90_000 };
const claimed = aDelivery({ lease, version: 1 });
const accepted: Ending = { kind: 'accepted', providerMessageId: 'SM1' };
const refused: Ending = {
  kind: 'rejected',
  failure: { class: 'permanent', code: '21211', message: 'x' },
};
const throttled: Ending = {
  kind: 'throttled',
  failure: { class: 'transient', code: '429', message: 'x' },
  retryAfterSeconds: 30,
};

function setUp(...stored: Delivery[]) {
  const fake = fakeDeliveries(stored);
  const calls: string[] = [];
  const deliveries: Deliveries & Pick<typeof fake, 'all'> = {
    all: fake.all,
    insert: (delivery) => {
      calls.push('insert');
      return fake.insert(delivery);
    },
    get: (id) => {
      calls.push('get');
      return fake.get(id);
    },
    swap: (next) => {
      calls.push('swap');
      return fake.swap(next);
    },
  };
  const deps = {
    deliveries,
    clock: () => now,
    newId: () => 'mine',
    policy: worldPolicy,
  };
  return { deps, deliveries, calls };
}

describe('claiming', () => {
  it.each([
    ['a message that is seen for the first time writes at once', 1, request, ['insert']],
    ['a message that was given out before is read first', 2, request, ['get', 'insert']],
    [
      'a message that is replayed is read first',
      1,
      { ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: false } },
      ['get', 'insert'],
    ],
  ])('%s', async (_, receiveCount, asked, expected) => {
    const { deps, calls } = setUp();
    expect(await claimDelivery(asked, { receiveCount }, deps)).toMatchObject({ kind: 'taken' });
    expect(calls).toEqual(expected);
  });

  it('an insert whose answer was lost is recognised by its token', async () => {
    const { deps, calls } = setUp(claimed);
    expect(await claimDelivery(request, { receiveCount: 1 }, deps)).toEqual({
      kind: 'taken',
      delivery: claimed,
    });
    expect(calls).toEqual(['insert', 'get']);
  });

  it('a delivery that the table drops meanwhile is looked at again in a moment', async () => {
    const { deps, deliveries } = setUp();
    vi.spyOn(deliveries, 'insert').mockResolvedValueOnce(false);
    expect(await claimDelivery(request, { receiveCount: 1 }, deps)).toEqual({
      kind: 'wait',
      seconds: 1,
    });
  });

  it('a delivery that another worker changes meanwhile is decided over again', async () => {
    const { deps, deliveries } = setUp(aDelivery());
    vi.spyOn(deliveries, 'swap').mockImplementationOnce(async () => {
      const sent = aDelivery({ status: 'sent', version: 2 });
      vi.spyOn(deliveries, 'get').mockResolvedValueOnce(sent);
      return false;
    });
    expect(await claimDelivery(request, { receiveCount: 2 }, deps)).toEqual({ kind: 'sent' });
  });
});

describe('settling', () => {
  const settle = (ending: Ending, stored: Delivery | undefined) => {
    const w = setUp(...(stored ? [stored] : []));
    return { ...w, result: settleDelivery(claimed, ending, { receiveCount: 1 }, w.deps) };
  };

  it('stores how it ended, and when its next attempt is due', async () => {
    const { deliveries, result } = settle(throttled, claimed);
    expect(await result).toMatchObject({ kind: 'retry' });
    expect(deliveries.all()[0]?.nextTryAt).toBeGreaterThanOrEqual(now + 30_000);
    const done = settle(accepted, claimed);
    await done.result;
    expect(done.deliveries.all()[0]).not.toHaveProperty('nextTryAt');
  });

  it('a delivery that the table dropped is looked at again in a moment', async () => {
    expect(await settle(refused, undefined).result).toEqual({ kind: 'retry', seconds: 1 });
  });

  it('whatever the answer, a message that a callback reported is done with', async () => {
    const reported = aDelivery({ status: 'delivered', version: 2 });
    const { deliveries, result } = settle(refused, reported);
    expect(await result).toEqual({ kind: 'done' });
    expect(deliveries.all()).toEqual([reported]);
  });

  it('an acceptance gives a message that a callback reported its id', async () => {
    const { deliveries, result } = settle(accepted, aDelivery({ status: 'delivered', version: 2 }));
    expect(await result).toEqual({ kind: 'done' });
    expect(deliveries.all()).toMatchObject([{ status: 'delivered', providerMessageId: 'SM1' }]);
  });

  const taken = aDelivery({ lease: { ...lease, token: 'theirs' }, version: 2 });
  it('a refusal does not overrule a worker that took the delivery over', async () => {
    const { deliveries, result } = settle(refused, taken);
    expect(await result).toEqual({ kind: 'retry', seconds: 1 });
    expect(deliveries.all()).toEqual([taken]);
  });

  it('an acceptance is on record whoever has taken the delivery over', async () => {
    const { deliveries, result } = settle(accepted, taken);
    expect(await result).toEqual({ kind: 'done' });
    expect(deliveries.all()).toMatchObject([{ status: 'sent', providerMessageId: 'SM1' }]);
  });

  it('a change that leaves the claim as it is is built upon', async () => {
    const changed = { ...claimed, version: 2, taskId: 'task-2' };
    const { deliveries, result } = settle(refused, changed);
    expect(await result).toMatchObject({ kind: 'hand-over' });
    expect(deliveries.all()).toMatchObject([{ status: 'failed', taskId: 'task-2', version: 3 }]);
  });
});
