import { describe, expect, it } from 'vitest';
import { nextStepOf } from '../../../domain/operator/next-step.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { aReplay } from '../../builders/replay.ts';
import { service } from '../operator/service.ts';

const down = {
  class: 'transient',
  code: '503',
  message: 'Twilio cannot be reached.',
} as const;

describe('the status of a tenant', () => {
  it('shows in an outage what waits, since when, and why', async () => {
    const { call, w, depths, successes } = service([]);
    depths.outbound = { waiting: 3, inFlight: 40, delayed: 0 };
    depths.ci360Events = { waiting: 7, inFlight: 0, delayed: 0 };
    successes.set('twilio', BUILT_AT - 60_000);
    for (const guid of ['a', 'b']) {
      const at = guid === 'a' ? BUILT_AT - 9000 : BUILT_AT;
      await w.deliveries.insert(aDelivery({ guid, lastError: down, createdAt: at }));
    }
    const doubt = { from: BUILT_AT, to: BUILT_AT };
    await w.deliveries.insert(aDelivery({ guid: 'c', status: 'unknown', doubt, lastError: down }));
    await w.deliveries.insert(aDelivery({ guid: 'd', status: 'delivered' }));
    await w.deliveries.insert(aDelivery({ guid: 'e', tenantId: 'tenant-b', lastError: down }));

    const { status, body } = await call('GET /status');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenantId: 'tenant-a',
      queues: { outbound: { waiting: 3, inFlight: 40 }, ci360Events: { waiting: 7 } },
      messages: {
        retrying: { count: 2, oldestTakenOnAt: new Date(BUILT_AT - 9000).toISOString() },
        inDoubt: { count: 1 },
        looked: 3,
      },
      causes: [{ ...down, provider: 'twilio', count: 3 }],
      lastSuccess: { twilio: new Date(BUILT_AT - 60_000).toISOString(), scg: null, ci360: null },
      replays: [],
    });
  });

  it('shows the replays that are not over', async () => {
    const { call, w } = service([]);
    for (const status of ['running', 'stopped', 'completed', 'canceled'] as const) {
      await w.replays.insert(aReplay({ replayId: `replay-${status}`, status }));
    }
    const { body } = await call('GET /status');
    expect(
      JSON.stringify(body.replays)
        .match(/replay-\w+/g)
        ?.sort(),
    ).toEqual(['replay-running', 'replay-stopped']);
  });

  it('is for the tenants of the key only', async () => {
    const { call } = service([]);
    expect((await call('GET /status', { query: { tenantId: 'tenant-b' } })).status).toBe(403);
    expect((await call('GET /status', { key: 'bad' })).status).toBe(401);
    expect((await call('GET /status', { query: { colour: 'red' } })).status).toBe(422);
  });
});

describe('what happens next to a message', () => {
  const waits = { graceMs: 60_000, reconcileMs: 3_600_000 };
  const lease = { token: 't', since: BUILT_AT, until: BUILT_AT + 5000 };
  it.each([
    ['never tried', {}, 'next attempt, as soon', undefined],
    ['retrying', { lastError: down, nextTryAt: BUILT_AT + 7 }, 'next attempt', BUILT_AT + 7],
    ['with a worker', { lease }, 'A worker is sending it', BUILT_AT + 5000],
    [
      'left by a worker that died',
      { lease: { ...lease, until: BUILT_AT - 1 } },
      'The provider is asked',
      BUILT_AT - 1 + 60_000,
    ],
    [
      'in doubt',
      { status: 'unknown', doubt: { from: 0, to: BUILT_AT } },
      'The provider is asked',
      BUILT_AT + 60_000,
    ],
    ['sent', { status: 'sent', sentAt: BUILT_AT }, 'asked once', BUILT_AT + 3_600_000],
    ['asked about', { status: 'sent', reconciledAt: BUILT_AT }, 'Nothing more', undefined],
    ['failed', { status: 'failed', lastError: down }, 'replayed', undefined],
  ] as const)('that is %s', (_, delivery, what, at) => {
    const next = nextStepOf(aDelivery(delivery), waits, BUILT_AT);
    expect(next?.what).toContain(what);
    expect(next?.at).toBe(at);
  });

  it('is nothing once its status is final', () => {
    for (const status of ['delivered', 'undelivered', 'read', 'canceled'] as const) {
      expect(nextStepOf(aDelivery({ status }), waits, BUILT_AT)).toBeUndefined();
    }
  });
});
