import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../domain/clock.ts';
import { inject } from '../../../domain/feedback/inject.ts';
import type { Injection } from '../../../domain/feedback/ports.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aStatusUpdate } from '../../builders/external-event-request.ts';
import { aTenantSecret } from '../../fakes/tenant-secrets.ts';
import { injectorWorld } from './feedback-setup.ts';

const silent: Injection = {
  kind: 'retry',
  failure: { class: 'transient', code: 'ci360-unreachable', message: 'No answer came.' },
};

/** Two tenants, of which the CI360 of `tenant-a` never answers: each call to it costs ten seconds. */
function setUp() {
  const world = injectorWorld();
  const calls = { 'tenant-a': 0, 'tenant-b': 0 };
  let isUp = false;
  const secrets = {
    'tenant-a': aTenantSecret({ ci360_token: 'tenant-a' }),
    'tenant-b': aTenantSecret({ ci360_token: 'tenant-b' }),
  };
  const deps = {
    ...world.deps,
    secrets: {
      get: async (tenantId: string) => ({
        kind: 'found' as const,
        secret: tenantId === 'tenant-a' ? secrets['tenant-a'] : secrets['tenant-b'],
      }),
    },
    gateway: {
      inject: async (_event: unknown, { ci360_token }: { ci360_token?: string | undefined }) => {
        const tenantId = ci360_token === 'tenant-a' ? 'tenant-a' : 'tenant-b';
        calls[tenantId] += 1;
        if (tenantId === 'tenant-b' || isUp) return { kind: 'accepted' as const };
        return silent;
      },
    },
  };
  let n = 0;
  const report = async (tenantId: string, receiveCount = 1, enqueuedAt = world.clock()) => {
    n += 1;
    const update = aStatusUpdate({ tenantId, guid: `guid-${n}`, providerMessageId: `SM${n}` });
    return inject(
      {
        body: JSON.stringify(update),
        messageId: `record-${n}`,
        receiveCount,
        enqueuedAt,
        deadline: world.clock() + 30 * SECOND,
      },
      deps,
    );
  };
  return { world, calls, report, up: () => (isUp = true) };
}

describe('a tenant whose CI360 does not answer', () => {
  it('makes a few events wait for its time-out, and the others wait on the queue', async () => {
    const { calls, report, world } = setUp();
    for (let n = 0; n < 1_000; n += 1) {
      expect(await report('tenant-a')).toMatchObject({ kind: 'retry' });
    }

    expect(calls['tenant-a']).toBe(3);
    expect(world.observe.counted('unreported')).toBe(1_000);
    expect(world.deadLetters.letters).toEqual([]);
  });

  it('does not hold up another tenant', async () => {
    const { calls, report } = setUp();
    for (let n = 0; n < 100; n += 1) {
      await report('tenant-a');
      expect(await report('tenant-b')).toEqual({ kind: 'done' });
    }

    expect(calls['tenant-b']).toBe(100);
  });

  it('is asked by one event after a pause, and a longer one each time', async () => {
    const { calls, report, world } = setUp();
    for (let n = 0; n < 10; n += 1) await report('tenant-a');
    for (const [seconds, expected] of [
      [4, 3],
      [1, 4],
      [9, 4],
      [1, 5],
      [19, 5],
      [1, 6],
    ] as const) {
      world.clock.advance(seconds * SECOND);
      await Promise.all([report('tenant-a'), report('tenant-a'), report('tenant-a')]);
      expect(calls['tenant-a']).toBe(expected);
    }
  });

  it('is reported to again as soon as one event went through', async () => {
    const { calls, report, up, world } = setUp();
    for (let n = 0; n < 10; n += 1) await report('tenant-a');
    up();
    expect(await report('tenant-a')).toMatchObject({ kind: 'retry' });
    world.clock.advance(5 * SECOND);
    expect(await report('tenant-a')).toEqual({ kind: 'done' });
    expect(await report('tenant-a')).toEqual({ kind: 'done' });
    expect(calls['tenant-a']).toBe(5);
  });

  it('gives events up in the end, so that an operator has them', async () => {
    const { report, world } = setUp();
    for (let n = 0; n < 10; n += 1) await report('tenant-a');
    const longAgo = world.clock() - world.deps.settings.giveUpAfterMs;

    expect(await report('tenant-a', 300, longAgo)).toEqual({ kind: 'done' });
    expect(world.deadLetters.letters).toHaveLength(1);
  });

  it('still moves its deliveries on while its events wait', async () => {
    const { report, world } = setUp();
    for (let n = 0; n < 10; n += 1) await report('tenant-a');

    expect(world.deliveries.all()).toHaveLength(10);
    expect(world.deliveries.all().every(({ status }) => status === 'delivered')).toBe(true);
  });
});

it('a single failure holds nothing up', async () => {
  const world = injectorWorld({ deliveries: [aDelivery({ status: 'sent' })] });
  let calls = 0;
  world.gateway.answerWith(() => {
    calls += 1;
    return calls === 1 ? silent : { kind: 'accepted' };
  });
  world.enqueue(aStatusUpdate());
  await world.drain();

  expect(calls).toBe(2);
});
