import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../domain/clock.ts';
import { deliver } from '../../../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../../../domain/delivery/deliver-deps.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { InDoubt, LookUp, Outcome } from '../../../domain/delivery/outcome.ts';
import { resolveFailedRequest } from '../../../domain/failed-requests/resolve.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import type { ProviderId } from '../../../domain/provider-id.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeadLetters } from '../../fakes/dead-letters.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { worldPolicy } from './delivery-simulation.ts';

const OLD_SENDER = '+12025550100';
const NEW_SENDER = '+12025550101';
const request = aMessageRequest({ from: OLD_SENDER, fromSource: 'default' });
const replay = (no: number, ignoreTtl = false) => ({ id: `replay-${no}`, no, ignoreTtl });
const unknown: Outcome = {
  kind: 'unknown',
  failure: { class: 'unknown', code: 'no-answer', message: 'x' },
};

type Asked = { provider: ProviderId; request: MessageRequest; attempt: InDoubt };

/**
 * Two providers that take every message, and lose as many answers as `unanswered` says. They find a
 * message by its very sender, as Twilio does.
 */
function setUp(initial: Delivery[] = []) {
  const clock = fakeClock();
  const deliveries = fakeDeliveries(initial);
  const deadLetters = fakeDeadLetters();
  const failedRequests = fakeFailedRequests();
  const taken: { provider: ProviderId; request: MessageRequest }[] = [];
  const asked: Asked[] = [];
  const state = { unanswered: 0, isTaking: true };
  let claims = 0;
  const gatewayOf = (provider: ProviderId) => ({
    send: async (sent: MessageRequest): Promise<Outcome> => {
      if (state.isTaking) taken.push({ provider, request: sent });
      state.unanswered -= 1;
      return state.unanswered >= 0
        ? unknown
        : { kind: 'accepted', providerMessageId: `SM${taken.length}` };
    },
    lookUp: async (about: MessageRequest, _secret: unknown, attempt: InDoubt): Promise<LookUp> => {
      asked.push({ provider, request: about, attempt });
      const at = taken.findIndex(
        (one) => one.provider === provider && one.request.from === about.from,
      );
      return at < 0 ? { kind: 'absent' } : { kind: 'accepted', providerMessageId: `SM${at + 1}` };
    },
  });
  const deps: DeliverDeps = {
    deliveries,
    owners: fakeMessageOwners(deliveries.all),
    resolveFailedRequest: (request) => resolveFailedRequest(request, failedRequests),
    deadLetters,
    mayLeaveNow: async () => ({ kind: 'send' }),
    holdStore: fakeHeldMessages(),
    optOuts: fakeOptOuts(),
    identities: undefined,
    secrets: fakeTenantSecrets(),
    gateways: { twilio: gatewayOf('twilio'), scg: gatewayOf('scg') },
    policy: worldPolicy,
    clock,
    newId: () => {
      claims += 1;
      return `claim-${claims}`;
    },
    signalUntil: () => new AbortController().signal,
    observe: fakeObserve(),
  };
  return {
    clock,
    deliveries,
    deadLetters,
    failedRequests,
    taken,
    asked,
    state,
    deps,
    stored: () => deliveries.all()[0],
    run: (copy: MessageRequest, receiveCount = 2) =>
      deliver(
        {
          body: JSON.stringify(copy),
          messageId: 'record-1',
          receiveCount,
          deadline: clock() + MINUTE,
        },
        deps,
      ),
  };
}

let w: ReturnType<typeof setUp>;
beforeEach(() => {
  w = setUp();
});

describe('an attempt in doubt is asked about with what was tried', () => {
  it('when the same event was posted again after the default sender had changed', async () => {
    w.state.unanswered = 1;
    await w.run(request);
    w.clock.advance(5 * MINUTE);
    await w.run({ ...request, from: NEW_SENDER });

    expect(w.taken.map((one) => one.request.from)).toEqual([OLD_SENDER]);
    expect(w.asked).toMatchObject([{ attempt: { isOtherContent: false } }]);
    expect(w.stored()).toMatchObject({ status: 'sent', providerMessageId: 'SM1' });
  });

  it('when a repeated step of a replay gives it out with the sender from before', async () => {
    w = setUp([aDelivery({ status: 'failed' })]);
    w.state.unanswered = 1;
    await w.run({ ...request, from: NEW_SENDER, replay: replay(1) });
    w.clock.advance(5 * MINUTE);
    await w.run({ ...request, from: OLD_SENDER, replay: replay(1) });

    expect(w.taken.map((one) => one.request.from)).toEqual([NEW_SENDER]);
  });

  it('when the same event was posted for the other provider', async () => {
    w.state.unanswered = 1;
    await w.run(request);
    w.clock.advance(5 * MINUTE);
    await w.run({ ...request, provider: 'scg', from: 'sender_id:one' });

    expect(w.asked.map(({ provider }) => provider)).toEqual(['twilio']);
    expect(w.taken).toHaveLength(1);
    expect(w.stored()).toMatchObject({ provider: 'twilio', status: 'sent' });
  });

  it('when its worker died and nothing but the claim was stored', async () => {
    const never = new Promise<never>(() => {});
    const { twilio } = w.deps.gateways;
    const send = vi.spyOn(twilio, 'send').mockReturnValueOnce(never);
    void w.run(request);
    await expect.poll(() => send.mock.calls.length).toBe(1);
    w.taken.push({ provider: 'twilio', request });
    w.clock.advance(5 * MINUTE);
    await w.run({ ...request, from: NEW_SENDER });

    expect(w.taken).toHaveLength(1);
    expect(w.stored()).toMatchObject({ status: 'sent' });
  });

  it('and a text at hand that is not the one that was sent is not compared', async () => {
    w.state.unanswered = 1;
    await w.run(request);
    w.clock.advance(5 * MINUTE);
    await w.run({ ...request, body: 'Another text' });

    expect(w.asked).toMatchObject([{ attempt: { isOtherContent: true } }]);
  });

  it('and a "not here" about another recipient than the one that was tried settles nothing', async () => {
    w.state.unanswered = 1;
    w.state.isTaking = false;
    await w.run(request);
    w.clock.advance(5 * MINUTE);

    expect(await w.run({ ...request, to: '+12025550199' })).toMatchObject({ kind: 'retry' });
    expect(w.taken).toEqual([]);
    expect(w.stored()).toMatchObject({ status: 'unknown', doubt: expect.anything() });
  });

  it('from any sender where an older version did not write down which', async () => {
    const doubt = { from: BUILT_AT - 10 * MINUTE, to: BUILT_AT - 5 * MINUTE };
    w = setUp([aDelivery({ status: 'unknown', doubt, attempts: 1 })]);
    await w.run(request);

    expect(w.asked).toMatchObject([{ provider: 'twilio', attempt: { isSenderOpen: true } }]);
  });

  it('by its own provider where an older version did not write down the sender', async () => {
    const doubt = { from: BUILT_AT - 10 * MINUTE, to: BUILT_AT - 5 * MINUTE };
    w = setUp([aDelivery({ status: 'unknown', doubt, attempts: 1 })]);

    expect(await w.run({ ...request, provider: 'scg' })).toMatchObject({ kind: 'retry' });
    expect(w.asked.map(({ provider }) => provider)).toEqual(['twilio']);
    expect(w.taken).toEqual([]);
  });
});

describe('a doubt that was cleared', () => {
  it('is stored before another sender is tried', async () => {
    w.state.unanswered = 1;
    w.state.isTaking = false;
    await w.run(request);
    w.clock.advance(5 * MINUTE);
    w.state.isTaking = true;
    const seen: unknown[] = [];
    const { twilio } = w.deps.gateways;
    vi.spyOn(twilio, 'send').mockImplementationOnce(async () => {
      seen.push(w.stored());
      return unknown;
    });
    await w.run({ ...request, from: NEW_SENDER });

    expect(seen).toMatchObject([{ tried: { sender: NEW_SENDER } }]);
    expect(seen[0]).not.toHaveProperty('doubt');
    expect(w.stored()).toMatchObject({ status: 'unknown', tried: { sender: NEW_SENDER } });
  });

  it('is not acted on when the delivery has changed meanwhile', async () => {
    w.state.unanswered = 1;
    w.state.isTaking = false;
    await w.run(request);
    w.clock.advance(5 * MINUTE);
    w.state.isTaking = true;
    const swap = w.deliveries.swap;
    const { twilio } = w.deps.gateways;
    const lookUp = twilio.lookUp;
    vi.spyOn(twilio, 'lookUp').mockImplementationOnce(async (...args) => {
      const now = w.stored();
      // A callback told of the very attempt.
      if (now) await swap({ ...now, version: now.version + 1, status: 'delivered' });
      return lookUp(...args);
    });

    expect(await w.run(request)).toEqual({ kind: 'done' });
    expect(w.taken).toEqual([]);
    expect(w.stored()).toMatchObject({ status: 'delivered' });
  });
});

describe('a copy that is older than the replay that owns the delivery', () => {
  it.each(['sending', 'unknown', 'failed', 'expired', 'sent', 'delivered'] as const)(
    'is dropped without a word, whatever the delivery is: %s',
    async (status) => {
      w = setUp([aDelivery({ status, replayNo: 2 })]);
      const before = w.stored();
      const { guid, tenantId } = request;
      const row = aFailedRequest({ guid, tenantId, status: 'replaying', replays: 2 });
      await w.failedRequests.add(row);

      expect(await w.run(request)).toEqual({ kind: 'done' });
      expect(await w.run({ ...request, replay: replay(1) })).toEqual({ kind: 'done' });
      expect(w.stored()).toEqual(before);
      expect(await w.failedRequests.get(guid, tenantId)).toEqual(row);
      expect(w.taken).toEqual([]);
      expect(w.deadLetters.letters).toEqual([]);
    },
  );

  it('does not expire what a replay without a time limit is sending', async () => {
    w = setUp([aDelivery({ status: 'failed' })]);
    w.clock.advance(2 * DAY);
    const { twilio } = w.deps.gateways;
    vi.spyOn(twilio, 'send').mockResolvedValueOnce({
      kind: 'throttled',
      failure: { class: 'transient', code: '20429', message: 'x' },
    });
    await w.run({ ...request, replay: replay(1, true) });
    w.clock.advance(30 * SECOND);
    await w.run(request);
    expect(w.stored()).toMatchObject({ status: 'sending' });

    await w.run({ ...request, replay: replay(1, true) });
    expect(w.stored()).toMatchObject({ status: 'sent' });
    expect(w.deadLetters.letters).toEqual([]);
  });
});

describe('a worker whose claim was taken over', () => {
  it('leaves the delivery to the newer holder, unless the provider accepted its message', async () => {
    const takeOver = async () => {
      const now = w.stored();
      if (now === undefined) throw new Error('it is claimed');
      const lease = { token: 'newer', since: w.clock(), until: w.clock() + MINUTE };
      await w.deliveries.swap({ ...now, version: now.version + 1, lease });
    };
    const { twilio } = w.deps.gateways;
    vi.spyOn(twilio, 'send').mockImplementationOnce(async () => {
      await takeOver();
      return {
        kind: 'rejected',
        failure: { class: 'permanent', code: '21211', message: 'x' },
      };
    });

    expect(await w.run(request, 1)).toEqual({ kind: 'retry', seconds: 1 });
    expect(w.stored()).toMatchObject({ status: 'sending', lease: { token: 'newer' } });
    expect(w.deadLetters.letters).toEqual([]);

    w = setUp();
    vi.spyOn(w.deps.gateways.twilio, 'send').mockImplementationOnce(async () => {
      await takeOver();
      return { kind: 'accepted', providerMessageId: 'SM1' };
    });
    expect(await w.run(request, 1)).toEqual({ kind: 'done' });
    expect(w.stored()).toMatchObject({ status: 'sent', providerMessageId: 'SM1' });
  });
});
