import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../domain/clock.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { MessageState } from '../../../domain/feedback/ports.ts';
import { reconcileAll } from '../../../domain/feedback/reconcile.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { providers } from '../../../providers/registry.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeEventQueue } from '../../fakes/event-queue.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOpenDeliveries } from '../../fakes/open-deliveries.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const sent = aDelivery({ status: 'sent', providerMessageId: 'SM1' });
const down: MessageState = {
  kind: 'unavailable',
  failure: { class: 'unknown', code: 'http-503', message: 'Down.' },
};

function setUp(given: readonly Delivery[], answer: (id: string) => MessageState) {
  const clock = fakeClock();
  clock.advance(24 * HOUR);
  const deliveries = fakeDeliveries(given);
  const queue = fakeEventQueue();
  const observe = fakeObserve();
  const secrets = fakeTenantSecrets();
  const asked: string[] = [];
  const gateway = {
    stateOf: async (id: string) => {
      asked.push(id);
      return answer(id);
    },
  };
  const deps = {
    open: fakeOpenDeliveries(deliveries.all),
    deliveries,
    gateways: { twilio: gateway, scg: gateway },
    providers,
    secrets,
    queue,
    clock,
    observe,
  };
  const run = (times: { giveUpBefore?: number; until?: number } = {}) =>
    reconcileAll(
      { before: clock() - 12 * HOUR, giveUpBefore: 0, until: clock() + HOUR, ...times },
      deps,
    );
  return { deps, run, deliveries, queue, observe, secrets, asked, clock };
}

describe('a delivery whose callbacks never came', () => {
  it('gets its status from the provider, by the road of a callback', async () => {
    const { run, queue, observe } = setUp([sent], () => ({
      kind: 'known',
      word: 'undelivered',
      errorCode: '30003',
    }));
    await run();
    expect(queue.requests).toMatchObject([
      {
        kind: 'status',
        key: 'twilio:SM1:undelivered',
        tenantId: 'tenant-a',
        word: 'undelivered',
        errorCode: '30003',
        guid: sent.guid,
        identityId: sent.identityId,
        externalCode: sent.externalCode,
        responseTrackingCode: sent.responseTrackingCode,
      },
    ]);
    expect(observe.counted('reconciled')).toBe(1);
  });

  it('is reported as refused when SCG has rejected its request', async () => {
    const delivery = { ...sent, provider: 'scg', providerMessageId: 'request-1' } as const;
    const { run, queue, observe } = setUp([delivery], () => ({ kind: 'known', word: 'REJECTED' }));
    await run();
    expect(queue.requests).toMatchObject([{ key: 'scg:request-1:REJECTED', word: 'REJECTED' }]);
    expect(observe.counted('reconciled')).toBe(1);
  });

  it.each<[string, MessageState]>([
    ['keeps no record', { kind: 'absent' }],
    ['knows no more', { kind: 'known', word: 'sent' }],
    ['has a word that we do not know', { kind: 'known', word: 'teleported' }],
  ])('stays as it is and is asked about once, when the provider %s', async (_what, state) => {
    const { run, queue, observe, deliveries, asked } = setUp([sent], () => state);
    await run();
    await run();
    expect(asked).toEqual(['SM1']);
    expect(queue.requests).toEqual([]);
    expect(observe.counted('unreconciled')).toBe(1);
    expect(deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('is asked about again when the provider could not be asked, for as long as it makes sense', async () => {
    const { run, deliveries, asked } = setUp([sent], () => down);
    await run();
    await run();
    expect(asked).toHaveLength(2);
    await run({ giveUpBefore: sent.createdAt + 1 });
    await run();
    expect(asked).toHaveLength(3);
    expect(deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('is asked about again when it was sent late, however long ago it was created', async () => {
    const late = { ...sent, sentAt: sent.createdAt + HOUR };
    const { run, asked } = setUp([late], () => down);
    await run({ giveUpBefore: sent.createdAt + 1 });
    await run({ giveUpBefore: sent.createdAt + 1 });
    expect(asked).toHaveLength(2);
  });

  it('is left alone while it is young, or has its status, or has no secret any more', async () => {
    const { run, asked, secrets, clock, deliveries } = setUp(
      [
        sent,
        aDelivery({ guid: 'done', status: 'delivered', providerMessageId: 'SM2' }),
        aDelivery({ guid: 'waiting', status: 'unknown' }),
      ],
      () => down,
    );
    await deliveries.insert({ ...sent, deliveryId: 'tenant-a#young', createdAt: clock() });
    secrets.put('tenant-a', { kind: 'unknown-tenant' });
    await secrets.get('tenant-a', { refresh: true });
    await run();
    expect(asked).toEqual([]);
  });

  it('is asked about with a fresh secret when the credentials are refused', async () => {
    let calls = 0;
    const { run, secrets, queue } = setUp([sent], () => {
      calls += 1;
      return calls === 1 ? { ...down, authentication: true } : { kind: 'known', word: 'read' };
    });
    secrets.put('tenant-a', { kind: 'found', secret: aTenantSecret({ scg_access_token: 'new' }) });
    await run();
    expect(queue.requests).toHaveLength(1);
  });

  it('is passed on with exactly what a callback would say', async () => {
    const answer = { kind: 'known', word: 'failed', errorCode: '', errorText: 'Refused' } as const;
    const { run, queue, clock } = setUp([sent], () => answer);
    await run();
    expect(queue.requests).toEqual([
      {
        v: 1,
        kind: 'status',
        key: 'twilio:SM1:failed',
        tenantId: 'tenant-a',
        provider: 'twilio',
        channel: 'SMS',
        providerMessageId: 'SM1',
        receivedAt: clock(),
        word: 'failed',
        guid: sent.guid,
        identityId: 'identity-1',
        externalCode: 'TSK_1',
        responseTrackingCode: 'rtc-1',
        errorText: 'Refused',
      },
    ]);
  });

  it.each<[string, MessageState, string]>([
    ['keeps no record', { kind: 'absent' }, 'absent'],
    ['knows no more', { kind: 'known', word: 'sent' }, 'known'],
    ['could not be asked', down, 'unavailable'],
  ])('is counted with the reason when the provider %s', async (_, state, reason) => {
    const { run, observe } = setUp([sent], () => state);
    await run();
    expect(observe.counts).toEqual([
      { metric: 'unreconciled', dimensions: { provider: 'twilio', reason }, value: 1 },
    ]);
  });

  it('is noted as asked about, and when', async () => {
    const { run, deliveries, clock } = setUp([sent], () => ({ kind: 'absent' }));
    await run();
    expect(deliveries.all()).toEqual([
      { ...sent, version: 2, reconciledAt: clock(), updatedAt: clock() },
    ]);
  });

  it('is not noted while its provider could not be asked, and a warning says why', async () => {
    const { run, deliveries, observe } = setUp([sent], () => down);
    await run({ giveUpBefore: sent.createdAt });
    expect(deliveries.all()).toEqual([sent]);
    expect(observe.lines).toEqual([
      {
        level: 'warn',
        message: 'the provider could not be asked',
        fields: { tenantId: 'tenant-a', guid: sent.guid, provider: 'twilio', code: 'http-503' },
      },
    ]);
  });

  it.each([undefined, 'not an id'])('whose message is named %j is not asked about', async (id) => {
    const { providerMessageId: _, ...unnamed } = sent;
    const { run, asked, observe } = setUp(
      [{ ...unnamed, ...(id === undefined ? {} : { providerMessageId: id }) }],
      () => down,
    );
    await run();
    expect(asked).toEqual([]);
    expect(observe.counts).toMatchObject([{ dimensions: { reason: 'absent' } }]);
  });

  it('does not overrule a callback that comes at the same moment', async () => {
    const deliveries = [sent];
    const test = setUp(deliveries, () => {
      void test.deliveries.swap({ ...sent, status: 'delivered', version: sent.version + 1 });
      return { kind: 'absent' };
    });
    await test.run();
    expect(test.deliveries.all()).toMatchObject([{ status: 'delivered' }]);
    expect(test.deliveries.all()[0]).not.toHaveProperty('reconciledAt');
  });
});

describe('a run', () => {
  const many = Array.from({ length: 25 }, (_, n) =>
    aDelivery({ guid: `guid-${n}`, status: 'sent', providerMessageId: `SM${n}` }),
  );

  it('asks about all', async () => {
    const { run, asked } = setUp(many, () => ({ kind: 'absent' }));
    await run();
    expect(asked).toHaveLength(25);
  });

  it('asks about ten at once, and begins no more when its time is up', async () => {
    const { deps, asked, clock } = setUp(many, () => ({ kind: 'absent' }));
    const page = many.map(({ deliveryId }) => deliveryId);
    let underWay = 0;
    let most = 0;
    const { deliveries } = deps;
    const started: number[] = [];
    const run = { before: clock(), giveUpBefore: 0, until: clock() + 2 };
    await reconcileAll(run, {
      ...deps,
      deliveries: {
        ...deliveries,
        get: async (id) => {
          underWay += 1;
          most = Math.max(most, underWay);
          await Promise.resolve();
          underWay -= 1;
          return deliveries.get(id);
        },
      },
      open: {
        pages: async function* (before, start) {
          started.push(before, start);
          // Each of these takes a moment of the run's time.
          yield page.slice(0, 10);
          clock.advance(1);
          yield page.slice(10);
        },
      },
      gateways: {
        ...deps.gateways,
        twilio: {
          stateOf: async (id) => {
            asked.push(id);
            if (asked.length === 20) clock.advance(1);
            return { kind: 'absent' };
          },
        },
      },
    });
    expect(most).toBe(10);
    expect(asked).toHaveLength(20);
    expect(started).toEqual([run.before, Math.floor(run.before / MINUTE)]);
  });

  it('ends when its time is up', async () => {
    const { run, asked, clock } = setUp(many, () => {
      clock.advance(HOUR);
      return { kind: 'absent' };
    });
    await run();
    expect(asked.length).toBeLessThan(25);
  });

  it('fails when the queue is away, and loses nothing', async () => {
    const { run, queue } = setUp([sent], () => ({ kind: 'known', word: 'delivered' }));
    queue.outage.begin(1);
    await expect(run()).rejects.toBeInstanceOf(Unavailable);
    await run();
    expect(queue.requests).toHaveLength(1);
  });
});
