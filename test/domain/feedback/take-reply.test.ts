import { describe, expect, it } from 'vitest';
import { saidBy, type TakeReplyDeps, takeReply } from '../../../domain/feedback/take-reply.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { providers } from '../../../providers/registry.ts';
import { aReply } from '../../builders/external-event-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeEventQueue } from '../../fakes/event-queue.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { injectorWorld } from './feedback-setup.ts';

const phone = '+12025550123';

function setUp(given: Partial<TakeReplyDeps> = {}) {
  const queue = fakeEventQueue();
  const optOuts = fakeOptOuts();
  const observe = fakeObserve();
  const identities = fakeIdentities({ clock: fakeClock() });
  const deps: TakeReplyDeps = {
    queue,
    optOuts,
    observe,
    limit: () => new AbortController().signal,
    person: {
      identities,
      secrets: fakeTenantSecrets({ 'tenant-a': aTenantSecret(), 'tenant-b': aTenantSecret() }),
      providers,
      identityField: '',
    },
    ...given,
  };
  return { deps, queue, optOuts, observe, identities };
}
const stop = aReply({ body: 'STOP', optOut: 'STOP', providerMessageId: 'SM-stop' });
const start = aReply({ body: 'START', optOut: 'START', providerMessageId: 'SM-start' });

describe('a STOP', () => {
  it('is on record when its webhook is answered, whatever waits on the queue', async () => {
    const { deps, queue, optOuts, observe } = setUp();
    expect(await takeReply(stop, deps)).toEqual({ isChange: true, tenantId: 'tenant-a' });
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    expect(queue.requests).toMatchObject([{ optOut: 'STOP', recordedFor: 'tenant-a' }]);
    expect(observe.counted('opted_out')).toBe(1);
  });

  it.each(['is away', 'does not answer in time'])(
    'goes by the queue while the table %s',
    async (how) => {
      const never = () => new Promise<boolean>(() => {});
      const { deps, queue, optOuts } = setUp(
        how === 'is away'
          ? {}
          : { optOuts: { optOut: never, optIn: never }, limit: () => AbortSignal.abort() },
      );
      optOuts.outage.begin(1);
      await takeReply(stop, deps);
      expect(queue.requests[0]).not.toHaveProperty('recordedFor');

      const world = injectorWorld();
      for (const request of queue.requests) world.enqueue(request);
      await world.work();
      expect(await world.optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    },
  );

  it('is asked for again by the provider when neither table nor queue can take it', async () => {
    const { deps, queue, optOuts } = setUp();
    optOuts.outage.begin(1);
    queue.outage.begin(1);
    await expect(takeReply(stop, deps)).rejects.toBeInstanceOf(Unavailable);
    await takeReply(stop, deps);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('stands though the START before it is delivered again', async () => {
    const { deps, optOuts } = setUp();
    await takeReply({ ...start, receivedAt: 1_000 }, deps);
    await takeReply({ ...stop, receivedAt: 2_000 }, deps);
    await takeReply({ ...start, receivedAt: 3_000 }, deps);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('in a longer text is listed for review', async () => {
    const { deps, optOuts, observe } = setUp();
    await takeReply({ ...stop, body: 'Please stop', isPhrase: true }, deps);
    expect(await optOuts.preferenceOf('tenant-a', phone)).toMatchObject({
      statement: { source: 'twilio:STOP in a phrase' },
    });
    expect(observe.counted('opt_out_phrase')).toBe(1);
    expect(observe.lines).toMatchObject([{ level: 'warn', fields: { guid: stop.key } }]);
  });

  it('in a longer text that is only flagged is listed for review as well', async () => {
    const { deps, observe } = setUp();
    const { optOut: _, ...flagged } = stop;
    await takeReply({ ...flagged, body: 'Please stop', isPhrase: true }, deps);
    expect(observe.lines).toEqual([
      {
        level: 'warn',
        message: 'a reply may be an opt-out: review it',
        fields: {
          tenantId: 'tenant-a',
          guid: stop.key,
          provider: 'twilio',
          status: 'not opted out',
        },
      },
    ]);
    expect(observe.counts).toContainEqual({
      metric: 'opt_out_phrase',
      dimensions: { provider: 'twilio' },
      value: 1,
    });
  });

  it('left to the queue is warned of', async () => {
    const { deps, optOuts, observe } = setUp();
    optOuts.outage.begin(1);
    expect(await takeReply(stop, deps)).toEqual({ isChange: false, tenantId: 'tenant-a' });
    expect(observe.lines).toEqual([
      {
        level: 'warn',
        message: 'keyword left to the queue',
        fields: { tenantId: 'tenant-a', guid: stop.key, provider: 'twilio' },
      },
    ]);
  });

  it('may take two seconds to be recorded, and is left to the queue when they are over', async () => {
    const limits: number[] = [];
    const over = new AbortController();
    const { deps, queue } = setUp({
      optOuts: {
        optOut: () => {
          over.abort();
          return new Promise(() => {});
        },
        optIn: async () => true,
      },
      limit: (ms) => {
        limits.push(ms);
        return over.signal;
      },
    });
    await takeReply(stop, deps);
    expect(limits).toEqual([2000]);
    expect(queue.requests[0]).not.toHaveProperty('recordedFor');
  });

  it('of a route that names its tenant counts for that one, whoever was written to', async () => {
    const { deps, identities, optOuts } = setUp();
    await identities.remember(phone, 'tenant-b', 'identity-b');
    await takeReply({ ...stop, provider: 'scg', tenantFrom: 'route' }, deps);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
    expect(await optOuts.isOptedOut('tenant-b', phone)).toBe(false);
  });

  it('of a person whom nobody knows counts for the default tenant', async () => {
    const { deps, optOuts } = setUp();
    await takeReply({ ...stop, provider: 'scg', tenantFrom: 'default' }, deps);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('counts for the tenant of the person, where the route names none', async () => {
    const { deps, identities, optOuts, queue } = setUp();
    await identities.remember(phone, 'tenant-b', 'identity-b');
    await takeReply({ ...stop, provider: 'scg', tenantFrom: 'default' }, deps);
    expect(await optOuts.isOptedOut('tenant-b', phone)).toBe(true);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    expect(queue.requests).toMatchObject([{ recordedFor: 'tenant-b' }]);
  });
});

describe('what the webhook has recorded', () => {
  it('is not recorded again by the injector, nor undone when an operator lifted it meanwhile', async () => {
    const world = injectorWorld();
    await world.identities.remember(phone, 'tenant-a', 'identity-1');
    world.enqueue({ ...stop, recordedFor: 'tenant-a' });
    await world.drain();
    expect(await world.optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    expect(world.gateway.events).toMatchObject([{ optOutType: 'STOP' }]);
  });
});

it('a reading is passed on as far as there is one', () => {
  expect(saidBy({})).toEqual({});
  expect(saidBy({ keyword: 'STOP', isPhrase: true })).toEqual({ optOut: 'STOP', isPhrase: true });
});

it('any other reply costs the webhook nothing but the queue', async () => {
  const { deps, queue, optOuts, identities, observe } = setUp();
  optOuts.outage.begin(1);
  identities.outage.begin(1);
  expect(await takeReply(aReply({ tenantFrom: 'default' }), deps)).toEqual({
    isChange: false,
    tenantId: 'tenant-a',
  });
  expect(queue.requests).toHaveLength(1);
  expect(queue.requests[0]).not.toHaveProperty('recordedFor');
  expect(observe.counts).toEqual([
    { metric: 'reply', dimensions: { provider: 'twilio' }, value: 1 },
  ]);
  expect(observe.lines).toEqual([]);
});
