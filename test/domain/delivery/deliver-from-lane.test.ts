import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../domain/clock.ts';
import {
  deliverFromLane,
  type LaneDeps,
  leaveLane,
} from '../../../domain/delivery/deliver-from-lane.ts';
import type { Slot } from '../../../domain/senders/take-slots.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeadLetters } from '../../fakes/dead-letters.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeMessageGateway } from '../../fakes/message-gateway.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { fakeOutboundQueue } from '../../fakes/outbound-queue.ts';
import { fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const request = aMessageRequest();
const slot: Slot = { at: BUILT_AT + 3000, sender: 'tenant-a/twilio/12345', lengthMs: 10 };
const record = {
  body: JSON.stringify(request),
  messageId: 'record-1',
  receiveCount: 1,
  enqueuedAt: BUILT_AT,
  deadline: BUILT_AT + MINUTE,
  queue: 'lanes',
  attributes: {},
};

function setUp() {
  const clock = fakeClock();
  const deliveries = fakeDeliveries();
  const gateway = fakeMessageGateway();
  const outbound = fakeOutboundQueue();
  const observe = fakeObserve();
  const secrets = fakeTenantSecrets();
  secrets.put(request.tenantId, { kind: 'found', secret: { twilio_auth_token: 'token' } });
  /** What happened, and when after the start. */
  const steps: (readonly [string, number])[] = [];
  const step = (name: string) => steps.push([name, clock() - BUILT_AT]);
  const waitUntil = async (time: number) => clock.advance(Math.max(0, time - clock()));
  const deps: LaneDeps = {
    deliveries: {
      ...deliveries,
      insert: (delivery) => {
        step('claim');
        return deliveries.insert(delivery);
      },
    },
    owners: fakeMessageOwners(deliveries.all),
    resolveFailedRequest: async () => {},
    deadLetters: fakeDeadLetters(),
    mayLeaveNow: async () => ({ kind: 'send' }),
    holdStore: fakeHeldMessages(),
    optOuts: fakeOptOuts(),
    identities: undefined,
    secrets,
    gateways: {
      twilio: {
        ...gateway,
        send: (...sent) => {
          step('send');
          return gateway.send(...sent);
        },
      },
      scg: gateway,
    },
    policy: {
      leaseMs: MINUTE,
      inDoubtGraceMs: MINUTE,
      deliveryTtlSeconds: 3600,
      failedRequestTtlSeconds: 3600,
      eventTtlSeconds: 3600,
      holdMaxMs: 48 * HOUR,
      unknownPolicy: 'resend',
      maxAttempts: 8,
      backoff: { baseSeconds: 400, maxSeconds: 400 },
      random: () => 0.5,
    },
    clock,
    newId: () => `claim-${steps.length}`,
    signalUntil: () => new AbortController().signal,
    observe,
    outbound,
    waitUntil,
    waitForSlot: ({ at }) => waitUntil(at),
  };
  return { deps, deliveries, gateway, outbound, observe, steps };
}

let w: ReturnType<typeof setUp>;
beforeEach(() => {
  w = setUp();
});

describe('a message of a lane', () => {
  it('is claimed shortly before its slot, and sent in it', async () => {
    expect(await deliverFromLane(record, slot, w.deps)).toEqual({ kind: 'done' });
    expect(w.steps).toEqual([
      ['claim', 2700],
      ['send', 3000],
    ]);
    expect(w.outbound.messages).toEqual([]);
  });

  it('stays first in its lane when it is throttled, and comes back soon', async () => {
    w.gateway.treat('throttle');
    expect(await deliverFromLane(record, slot, w.deps)).toMatchObject({
      kind: 'retry',
      // As the provider asked.
      seconds: 7,
    });
    expect(w.outbound.messages).toEqual([]);
  });

  it.each([
    ['is in doubt', 'fail', 200],
    ['did not reach its provider', 'gone', 200],
  ] as const)(
    'leaves its lane when it %s, and has its turn when it is back',
    async (_case, treatment, delaySeconds) => {
      w.gateway.treat(treatment);
      expect(await deliverFromLane(record, slot, w.deps)).toEqual({ kind: 'done' });
      expect(w.outbound.messages).toEqual([
        { request, delaySeconds, attributes: { lane_turn: '1' } },
      ]);
      expect(w.observe.counted('left_lane')).toBe(1);
    },
  );

  it('leaves its lane while another worker holds it', async () => {
    w.gateway.treat('accept-then-hang');
    void deliverFromLane(record, undefined, w.deps);
    await w.gateway.whenAccepted();
    expect(await deliverFromLane({ ...record, receiveCount: 2 }, slot, w.deps)).toEqual({
      kind: 'done',
    });
    expect(w.outbound.messages).toHaveLength(1);
  });

  it('stays in its lane when it cannot leave it, so that it is not lost', async () => {
    w.gateway.treat('fail');
    w.outbound.outage.begin();
    expect(await deliverFromLane(record, slot, w.deps)).toEqual({ kind: 'retry', seconds: 5 });
  });

  it('is away for a quarter of an hour at most, as long as a queue can delay it', async () => {
    await leaveLane(record, 5000, w.deps);
    expect(w.outbound.messages).toMatchObject([{ delaySeconds: 900 }]);
  });
});
