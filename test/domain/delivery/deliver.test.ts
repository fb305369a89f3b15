import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../domain/clock.ts';
import { deliver } from '../../../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../../../domain/delivery/deliver-deps.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { LookUp, Outcome } from '../../../domain/delivery/outcome.ts';
import type { LeaveDecision } from '../../../domain/delivery/ports.ts';
import { resolveFailedRequest } from '../../../domain/failed-requests/resolve.ts';
import { applyWord } from '../../../domain/feedback/apply-status.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeadLetters } from '../../fakes/dead-letters.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { worldPolicy } from './delivery-simulation.ts';

const request = aMessageRequest();
const accepted: Outcome = { kind: 'accepted', providerMessageId: 'SM1' };
const refused: Outcome = {
  kind: 'rejected',
  authentication: true,
  failure: { class: 'config', code: '20003', message: 'The credentials were refused.' },
};
const doubt = { from: BUILT_AT - 10 * MINUTE, to: BUILT_AT - 5 * MINUTE };

/** A worker whose provider answers in turn from `sends` and `lookUps`, then accepts and knows nothing. */
function setUp(given: { deliveries?: Delivery[]; policy?: Partial<DeliverDeps['policy']> } = {}) {
  const clock = fakeClock();
  const deliveries = fakeDeliveries(given.deliveries);
  const deadLetters = fakeDeadLetters();
  const optOuts = fakeOptOuts();
  const held = fakeHeldMessages();
  const leave: { decision: LeaveDecision } = { decision: { kind: 'send' } };
  const identities = fakeIdentities();
  const secrets = fakeTenantSecrets();
  const observe = fakeObserve();
  const sends: Outcome[] = [];
  const lookUps: LookUp[] = [];
  const calls: { name: string; secret: TenantSecret }[] = [];
  /** What happens while the provider handles a message. */
  const meanwhile = { now: () => {} };
  const gateway = {
    send: async (_request: MessageRequest, secret: TenantSecret) => {
      calls.push({ name: 'send', secret });
      meanwhile.now();
      return sends.shift() ?? accepted;
    },
    lookUp: async (_request: MessageRequest, secret: TenantSecret) => {
      calls.push({ name: 'lookUp', secret });
      return lookUps.shift() ?? { kind: 'absent' as const };
    },
  };
  const failedRequests = fakeFailedRequests();
  const deps: DeliverDeps = {
    deliveries,
    owners: fakeMessageOwners(deliveries.all),
    resolveFailedRequest: (request) => resolveFailedRequest(request, failedRequests),
    deadLetters,
    mayLeaveNow: async () => leave.decision,
    holdStore: held,
    optOuts,
    identities,
    secrets,
    gateways: { twilio: gateway, scg: gateway },
    policy: { ...worldPolicy, ...given.policy },
    clock,
    newId: () => 'claim',
    signalUntil: () => new AbortController().signal,
    observe,
  };
  return {
    clock,
    deliveries,
    deadLetters,
    optOuts,
    held,
    leave,
    identities,
    secrets,
    observe,
    sends,
    lookUps,
    calls,
    meanwhile,
    deps,
    run: (body: unknown = request, receiveCount = 1) =>
      deliver(
        {
          body: typeof body === 'string' ? body : JSON.stringify(body),
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

describe('delivering a message', () => {
  it('sends it, records it and remembers who was written to', async () => {
    expect(await w.run()).toEqual({ kind: 'done' });

    expect(w.deliveries.all()).toMatchObject([{ status: 'sent', providerMessageId: 'SM1' }]);
    expect(await w.identities.find(request.to, request.tenantId)).toEqual({
      tenantId: request.tenantId,
      datahubId: request.identityId,
    });
    expect(w.observe.counted('sent')).toBe(1);
    expect(w.observe.counted('age_at_send_seconds')).toBe(2);
  });

  it.each([
    ['config', 1],
    ['permanent', 1],
    ['opted-out', 0],
  ] as const)(
    'counts a failure of class %s as %d for its tenant, and a message sent as less than none',
    async (failureClass, failures) => {
      w.sends.push({
        kind: 'rejected',
        failure: { class: failureClass, code: '1', message: 'No.' },
      });
      await w.run();
      const ofTenant = () => w.observe.counts.filter(({ metric }) => metric === 'tenant_failures');
      expect(ofTenant().map(({ value }) => value)).toEqual(failures === 1 ? [1] : []);
      expect(w.observe.lines).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: 'not sent',
          fields: expect.objectContaining({ tenantId: request.tenantId, class: failureClass }),
        }),
      );

      await w.run({ ...request, guid: 'another-guid', to: '+12025550177' });
      expect(ofTenant().at(-1)).toEqual({
        metric: 'tenant_failures',
        dimensions: { tenantId: request.tenantId },
        value: -0.25,
      });
    },
  );

  it('says on the record when its next attempt is due, and no longer once it was sent', async () => {
    w.sends.push({
      kind: 'throttled',
      failure: { class: 'transient', code: '20429', message: 'Too many.' },
      retryAfterSeconds: 40,
    });
    expect(await w.run()).toEqual({ kind: 'retry', seconds: 40, isThrottled: true });
    expect(w.deliveries.all()).toMatchObject([{ nextTryAt: w.clock() + 40 * SECOND }]);

    expect(await w.run(request, 2)).toEqual({ kind: 'done' });
    expect(w.deliveries.all()[0]).not.toHaveProperty('nextTryAt');
  });

  it('comes back for an identity that could not be stored, so that no reply loses its person', async () => {
    w.identities.outage.begin(2);

    expect(await w.run()).toMatchObject({ kind: 'retry' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent' }]);
    expect(await w.run(request, 2)).toMatchObject({ kind: 'retry' });
    expect(await w.run(request, 3)).toEqual({ kind: 'done' });
    expect(await w.identities.find(request.to, request.tenantId)).toBeDefined();
    expect(w.calls).toMatchObject([{ name: 'send' }]);
  });

  it('gives an identity up that cannot be stored for hours', async () => {
    w.identities.outage.begin();

    await w.run();
    expect(await w.run(request, 20)).toEqual({ kind: 'done' });
  });

  it('counts a message as sent when a callback tells it before an unclear answer', async () => {
    const word = { status: 'delivered', providerMessageId: 'SM1' } as const;
    w.meanwhile.now = () => {
      const [claimed] = w.deliveries.all();
      if (claimed)
        void w.deliveries.swap({ ...applyWord(claimed, word), version: claimed.version + 1 });
    };
    w.sends.push({
      kind: 'unknown',
      failure: { class: 'unknown', code: 'no-answer', message: 'x' },
    });

    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.observe.counted('sent')).toBe(1);
    expect(await w.identities.find(request.to, request.tenantId)).toMatchObject({
      datahubId: request.identityId,
    });
  });

  it.each([
    ['remembers who was written to when a callback has told before it comes back', 2, true],
    ['leaves that to the first record when it is a copy of it', 1, false],
  ])('%s', async (_, receiveCount, isRemembered) => {
    w = setUp({ deliveries: [aDelivery({ status: 'delivered', providerMessageId: 'SM1' })] });

    expect(await w.run(request, receiveCount)).toEqual({ kind: 'done' });
    expect(w.calls).toEqual([]);
    const found = await w.identities.find(request.to, request.tenantId);
    expect(found !== undefined).toBe(isRemembered);
  });

  it('remembers who was written to when a replayed message turns out to be sent', async () => {
    w = setUp({ deliveries: [aDelivery({ status: 'delivered', providerMessageId: 'SM1' })] });
    await w.run({ ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: false } });

    expect(await w.identities.find(request.to, request.tenantId)).toBeDefined();
  });

  it.each(['throttled', 'unknown'] as const)(
    'neither counts a message as sent nor notes its person while it is to be tried again: %s',
    async (kind) => {
      w.sends.push({ kind, failure: { class: 'transient', code: 'X', message: 'x' } });
      await w.run();

      expect(w.observe.counted('sent')).toBe(0);
      expect(w.observe.counted('unknown')).toBe(kind === 'unknown' ? 1 : 0);
      expect(w.observe.counted('retried')).toBe(kind === 'unknown' ? 0 : 1);
      expect(await w.identities.find(request.to, request.tenantId)).toBeUndefined();
    },
  );

  it('keeps what a callback reported while the answer was on its way', async () => {
    const word = { status: 'delivered', providerMessageId: 'SM1' } as const;
    w.meanwhile.now = () => {
      const [claimed] = w.deliveries.all();
      if (claimed)
        void w.deliveries.swap({ ...applyWord(claimed, word), version: claimed.version + 1 });
    };

    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'delivered', providerMessageId: 'SM1' }]);
    expect(w.deadLetters.letters).toEqual([]);
  });

  it('costs two writes and no read when it is new, and one read more when it comes back', async () => {
    const insert = vi.spyOn(w.deps.deliveries, 'insert');
    const get = vi.spyOn(w.deps.deliveries, 'get');
    const swap = vi.spyOn(w.deps.deliveries, 'swap');
    const calls = () => [insert, get, swap].map(({ mock }) => mock.calls.length);
    w.sends.push({
      kind: 'throttled',
      failure: { class: 'transient', code: '20429', message: 'Too many.' },
    });
    await w.run();
    expect(calls()).toEqual([1, 0, 1]);

    await w.run(request, 2);
    expect(calls()).toEqual([1, 1, 3]);
  });

  it('costs no insert when a replay gives it out, because its delivery is known', async () => {
    w = setUp({ deliveries: [aDelivery({ status: 'failed' })] });
    const insert = vi.spyOn(w.deps.deliveries, 'insert');
    await w.run({ ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: false } });

    expect(insert).not.toHaveBeenCalled();
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('ends its call before its lease does, however long the invocation may last', async () => {
    const limits: number[] = [];
    const signalUntil = (until: number) => {
      limits.push(until);
      return new AbortController().signal;
    };
    const record = { body: JSON.stringify(request), messageId: 'record-1', receiveCount: 1 };
    await deliver({ ...record, deadline: w.clock() + 15 * MINUTE }, { ...w.deps, signalUntil });

    expect(limits).toHaveLength(1);
    expect(limits[0]).toBeLessThan(w.clock() + worldPolicy.leaseMs);
  });

  it('skips a second copy', async () => {
    await w.run();
    await w.run();

    expect(w.calls).toHaveLength(1);
    expect(w.observe.counted('duplicate')).toBe(1);
  });

  it('dead-letters what is not a message request, with what is wrong and nothing of what is in it', async () => {
    expect(await w.run('{"v":1,"guid":"g","body":"secret text"}')).toEqual({ kind: 'done' });
    expect(await w.run('garbage')).toEqual({ kind: 'done' });

    expect(w.deadLetters.letters).toMatchObject([
      { tenantId: undefined, recordId: 'record-1', failure: { class: 'poison' } },
      { body: 'garbage', failure: { class: 'poison', code: 'unreadable' } },
    ]);
    expect(JSON.stringify(w.deadLetters.letters.map(({ failure }) => failure))).not.toContain(
      'secret text',
    );
  });

  it('hands a refused message over after it is recorded, and once more when the queue brings it back', async () => {
    w.sends.push({
      kind: 'rejected',
      failure: { class: 'permanent', code: '21211', message: 'x' },
    });
    w.deadLetters.outage.begin(1);

    await expect(w.run()).rejects.toMatchObject({ code: 'unavailable' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'failed' }]);
    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.deadLetters.letters).toMatchObject([{ failure: { code: '21211' } }]);
    expect(w.calls).toHaveLength(1);
  });
});

describe('before a message is sent', () => {
  it('an event that grew too old is recorded as expired and kept', async () => {
    w.clock.advance(DAY);

    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'expired' }]);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'expired' } }]);
    expect(w.calls).toEqual([]);
  });

  it('a replay may lift the time limit', async () => {
    w.clock.advance(DAY);
    await w.run({ ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: true } });

    expect(w.deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('a person who opted out is left alone', async () => {
    await w.optOuts.optOut(request.tenantId, request.to, 'reply', BUILT_AT);
    await w.run();

    expect(w.calls).toEqual([]);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'opted-out' } }]);
    expect(w.deadLetters.letters[0]?.failure.advice).toContain('opt-out show');
  });

  it('a message of a person who was erased is dropped, and nothing of it is kept', async () => {
    await w.optOuts.markErased(request.tenantId, request.to, BUILT_AT);
    expect(await w.run()).toEqual({ kind: 'done' });
    // A copy of the record finds what became of the first one.
    expect(await w.run(request, 2)).toEqual({ kind: 'done' });

    expect(w.calls).toEqual([]);
    expect(w.deadLetters.letters).toEqual([]);
    const [delivery] = w.deliveries.all();
    expect(delivery).toMatchObject({
      status: 'failed',
      lastError: { code: 'erased' },
      identityId: '',
      responseTrackingCode: '',
      tried: { content: '' },
    });
    expect(delivery).not.toHaveProperty('recipient');
  });

  it('a message that was accepted after a person was erased is sent', async () => {
    await w.optOuts.markErased(request.tenantId, request.to, BUILT_AT - 1);
    await w.run();
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent', identityId: 'identity-1' }]);
  });

  it('an opt-out that only the provider knew of is remembered', async () => {
    w.sends.push({
      kind: 'rejected',
      failure: { class: 'opted-out', code: '21610', message: 'x' },
    });
    await w.run();

    expect(await w.optOuts.isOptedOut(request.tenantId, request.to)).toBe(true);
    expect(await w.optOuts.preferenceOf(request.tenantId, request.to)).toEqual({
      refusal: { source: 'twilio:21610', at: BUILT_AT },
    });
  });

  it('an opt-out that cannot be remembered does not hold the refused message up', async () => {
    w.sends.push({
      kind: 'rejected',
      failure: { class: 'opted-out', code: '21610', message: 'x' },
    });
    w.meanwhile.now = w.optOuts.outage.begin;

    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'failed' }]);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { code: '21610' } }]);
  });

  it('a refusal for any other reason opts nobody out', async () => {
    w.sends.push({
      kind: 'rejected',
      failure: { class: 'permanent', code: '21211', message: 'x' },
    });
    await w.run();

    expect(await w.optOuts.isOptedOut(request.tenantId, request.to)).toBe(false);
    expect(w.observe.counted('opted_out')).toBe(0);
  });

  it('a tenant without a secret fails for its configuration', async () => {
    await w.run({ ...request, tenantId: 'nobody' });

    expect(w.deadLetters.letters).toMatchObject([
      { tenantId: 'nobody', failure: { class: 'config', code: 'unknown-tenant' } },
    ]);
  });

  it('waits, spends nothing and keeps no lease while the secrets cannot be read', async () => {
    w = setUp();
    w.secrets.outage.begin();
    const result = await w.run({ ...request, tenantId: 'tenant-z' });

    expect(result).toMatchObject({ kind: 'retry' });
    expect(w.deliveries.all()).toMatchObject([
      { status: 'sending', attempts: 0, lastError: { code: 'secrets-unavailable' } },
    ]);
    expect(w.deliveries.all()[0]).not.toHaveProperty('lease');
  });

  it('does not begin to send when the invocation is nearly over', async () => {
    const record = { body: JSON.stringify(request), messageId: 'record-1', receiveCount: 1 };
    for (const left of [2, 4]) {
      const result = await deliver({ ...record, deadline: w.clock() + left * SECOND }, w.deps);
      expect(result).toEqual({ kind: 'retry', seconds: 1 });
    }
    expect(w.calls).toEqual([]);
  });
});

describe('credentials that the provider refuses', () => {
  it('are fetched again once, and a rotated token sends the message', async () => {
    w.sends.push(refused);
    const rotated = aTenantSecret({ twilio_auth_token: 'rotated' });
    w.secrets.put(request.tenantId, { kind: 'found', secret: rotated });
    await w.run();

    expect(w.calls.map(({ secret }) => secret.twilio_auth_token)).toEqual([
      aTenantSecret().twilio_auth_token,
      'rotated',
    ]);
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('end as a failed request when the fresh ones are refused too', async () => {
    w.sends.push(refused, refused);
    const secret = aTenantSecret({ twilio_auth_token: 'wrong too' });
    w.secrets.put(request.tenantId, { kind: 'found', secret });
    await w.run();

    expect(w.calls).toHaveLength(2);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'config', code: '20003' } }]);
  });
});

describe('an attempt in doubt', () => {
  const inDoubt = aDelivery({ status: 'unknown', doubt, attempts: 1 });

  it('is settled by what the provider says and not sent again', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.lookUps.push({ kind: 'accepted', providerMessageId: 'SM7' });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent', providerMessageId: 'SM7' }]);
    expect(w.observe.counted('recovered')).toBe(1);
  });

  it('is looked up even when the event is too old to send', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.clock.advance(DAY);
    w.lookUps.push({ kind: 'accepted', providerMessageId: 'SM7' });
    await w.run();

    expect(w.deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('is sent when the provider does not have it', async () => {
    w = setUp({ deliveries: [inDoubt] });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp', 'send']);
  });

  it('is kept for an operator instead where unknown_policy says so', async () => {
    w = setUp({ deliveries: [inDoubt], policy: { unknownPolicy: 'park' } });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'unknown' } }]);
  });

  it('is sent by a replay after it was kept, but no second time in doubt', async () => {
    w = setUp({ deliveries: [inDoubt], policy: { unknownPolicy: 'park' } });
    await w.run();
    const replayed = { ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: false } };
    w.sends.push({
      kind: 'unknown',
      failure: { class: 'unknown', code: 'no-answer', message: 'x' },
    });

    expect(await w.run(replayed)).toMatchObject({ kind: 'retry' });
    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp', 'lookUp', 'send']);
    w.clock.advance(5 * MINUTE);
    expect(await w.run(replayed)).toEqual({ kind: 'done' });
    expect(w.calls.map(({ name }) => name).slice(3)).toEqual(['lookUp']);
    expect(w.deadLetters.letters).toHaveLength(2);
  });

  describe('about which the provider cannot tell', () => {
    const uncertain = { kind: 'candidates', messages: [{ providerMessageId: 'SM7' }] } as const;
    const given = aDelivery({ status: 'failed', doubt, attempts: 3 });
    const replayed = (over = {}) => ({
      ...request,
      replay: { id: 'replay-1', no: 1, ignoreTtl: true, ...over },
    });
    const insisting = replayed({ sendInDoubt: true });

    it('is not sent by a replay', async () => {
      w = setUp({ deliveries: [given] });
      w.lookUps.push(uncertain);

      expect(await w.run(replayed())).toMatchObject({ kind: 'retry' });
      expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    });

    it('is sent once by a replay of an operator who insists', async () => {
      w = setUp({ deliveries: [given] });
      w.lookUps.push(uncertain, uncertain);
      w.sends.push({
        kind: 'unknown',
        failure: { class: 'unknown', code: 'no-answer', message: 'x' },
      });

      expect(await w.run(insisting)).toMatchObject({ kind: 'retry' });
      expect(w.calls.map(({ name }) => name)).toEqual(['lookUp', 'send']);
      w.clock.advance(5 * MINUTE);
      expect(await w.run(insisting)).toMatchObject({ kind: 'retry' });
      expect(w.calls.map(({ name }) => name)).toEqual(['lookUp', 'send', 'lookUp']);
    });

    it('is sent to another recipient when the operator insists', async () => {
      const tried = { sender: request.from, content: 'aaaa' };
      w = setUp({ deliveries: [{ ...given, recipient: 'another', tried }] });
      w.lookUps.push({ kind: 'absent' });
      await w.run(insisting);

      expect(w.calls.map(({ name }) => name)).toEqual(['lookUp', 'send']);
    });

    it.each<[string, LookUp]>([
      ['the provider has it', { kind: 'accepted', providerMessageId: 'SM7' }],
      [
        'the provider could not be asked',
        { kind: 'unavailable', failure: { class: 'unknown', code: 'x', message: 'x' } },
      ],
    ])('is not sent when %s, although the operator insists', async (_, lookUp) => {
      w = setUp({ deliveries: [given] });
      w.lookUps.push(lookUp);
      await w.run(insisting);

      expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    });
  });

  it('is given up with its budget spent, once the provider was asked', async () => {
    w = setUp({ deliveries: [{ ...inDoubt, attempts: worldPolicy.maxAttempts }] });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'transient' } }]);
  });

  it('that the provider took and refused since is failed with its reason', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.lookUps.push({
      kind: 'rejected',
      failure: { class: 'permanent', code: '30006', message: 'x' },
    });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(w.deliveries.all()).toMatchObject([{ status: 'failed', lastError: { code: '30006' } }]);
    expect(w.deliveries.all()[0]).not.toHaveProperty('doubt');
  });

  it('is asked about with a fresh token when the provider refuses the one at hand', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.lookUps.push(
      {
        kind: 'unavailable',
        authentication: true,
        failure: { class: 'config', code: '20003', message: 'x' },
      },
      { kind: 'accepted', providerMessageId: 'SM7' },
    );
    const rotated = aTenantSecret({ twilio_auth_token: 'rotated' });
    w.secrets.put(request.tenantId, { kind: 'found', secret: rotated });
    await w.run();

    expect(w.calls.map(({ secret }) => secret.twilio_auth_token)).toEqual([
      aTenantSecret().twilio_auth_token,
      'rotated',
    ]);
    expect(w.deliveries.all()).toMatchObject([{ status: 'sent', providerMessageId: 'SM7' }]);
  });

  it('is asked about once only when the provider is down', async () => {
    w = setUp({ deliveries: [inDoubt] });
    const down = {
      kind: 'unavailable',
      failure: { class: 'unknown', code: 'HTTP 503', message: 'x' },
    } as const;
    w.lookUps.push(down, down);
    const rotated = aTenantSecret({ twilio_auth_token: 'rotated' });
    w.secrets.put(request.tenantId, { kind: 'found', secret: rotated });
    await w.run();

    expect(w.calls).toMatchObject([{ name: 'lookUp' }]);
  });

  it('is given up in doubt once the event is too old and the provider cannot tell', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.clock.advance(2 * DAY);
    w.lookUps.push({ kind: 'candidates', messages: [{ providerMessageId: 'SM7' }] });
    await w.run();

    expect(w.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(w.deliveries.all()).toMatchObject([{ status: 'failed', doubt }]);
    expect(w.deadLetters.letters).toMatchObject([
      { failure: { class: 'unknown', code: 'look-up-inconclusive' } },
    ]);
  });

  it('stays in doubt while the provider cannot be asked', async () => {
    w = setUp({ deliveries: [inDoubt] });
    w.lookUps.push({
      kind: 'unavailable',
      failure: { class: 'unknown', code: 'HTTP 503', message: 'x' },
    });

    expect(await w.run()).toMatchObject({ kind: 'retry' });
    expect(w.deliveries.all()).toMatchObject([{ status: 'unknown', attempts: 1, doubt }]);
  });
});

describe('the answer to a reply', () => {
  const { tenantId, to } = request;
  const answer = (answers: 'STOP' | 'HELP') =>
    aMessageRequest({ guid: 'answer:scg:mo-1', provider: 'scg', identityId: '', answers });

  it('to a STOP is sent to the person who has just opted out, once', async () => {
    await w.optOuts.optOut(tenantId, to, 'scg:STOP', BUILT_AT, 'mo-1');
    expect(await w.run(answer('STOP'))).toEqual({ kind: 'done' });
    expect(await w.run(answer('STOP'))).toEqual({ kind: 'done' });
    expect(w.calls.map(({ name }) => name)).toEqual(['send']);
    expect(w.deadLetters.letters).toEqual([]);
  });

  it('to a STOP is not sent once the person has opted in again', async () => {
    await w.optOuts.optOut(tenantId, to, 'scg:STOP', BUILT_AT, 'mo-1');
    await w.optOuts.optIn(tenantId, to, 'scg:START', BUILT_AT + 1, 'mo-2');
    await w.run(answer('STOP'));
    expect(w.calls).toEqual([]);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { code: 'opted-in-again' } }]);
  });

  it('to a HELP is not sent to a person who opted out', async () => {
    await w.optOuts.optOut(tenantId, to, 'scg:STOP', BUILT_AT, 'mo-1');
    await w.run(answer('HELP'));
    expect(w.calls).toEqual([]);
    expect(w.deadLetters.letters).toMatchObject([{ failure: { class: 'opted-out' } }]);
  });

  it('leaves it known who was written to before', async () => {
    await w.run();
    await w.run(answer('HELP'));
    expect(w.calls).toHaveLength(2);
    expect(await w.identities.find(to, tenantId)).toMatchObject({ datahubId: request.identityId });
  });
});

describe('a message that may not leave', () => {
  const until = BUILT_AT + 10 * MINUTE;
  const window = { kind: 'held', reason: 'window', until } as const;

  it('is kept in the hold store, and its record leaves the queue', async () => {
    const w = setUp();
    w.leave.decision = window;
    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.calls).toEqual([]);
    expect(w.deliveries.all()[0]).toMatchObject({
      status: 'held',
      held: { reason: 'window', since: BUILT_AT, until },
    });
    expect(w.held.all()).toMatchObject([{ request, hold: { reason: 'window', until } }]);
  });

  it('stays on the queue while the hold store is down', async () => {
    const w = setUp();
    w.leave.decision = window;
    w.held.outage.begin();
    expect(await w.run()).toMatchObject({ kind: 'retry' });
    expect(w.deliveries.all()[0]).toMatchObject({ status: 'sending' });
  });

  it('is sent when it comes back and may leave; the time it was held does not make it older', async () => {
    const w = setUp({ policy: { eventTtlSeconds: 60 } });
    w.leave.decision = window;
    await w.run();
    w.clock.advance(10 * MINUTE);
    w.leave.decision = { kind: 'send' };
    expect(await w.run()).toEqual({ kind: 'done' });
    expect(w.deliveries.all()[0]).toMatchObject({ status: 'sent', heldForMs: 10 * MINUTE });
    expect(w.deliveries.all()[0]?.held).toBeUndefined();
  });

  it('is held for hold_max at most, all its holds together, and then expires', async () => {
    const w = setUp({ policy: { holdMaxMs: 15 * MINUTE } });
    w.leave.decision = { kind: 'held', reason: 'hold', until: Number.POSITIVE_INFINITY };
    await w.run();
    w.clock.advance(10 * MINUTE);
    await w.run();
    expect(w.held.all().map(({ hold }) => hold.until - BUILT_AT)).toEqual([
      15 * MINUTE,
      15 * MINUTE,
    ]);
    w.clock.advance(5 * MINUTE);
    await w.run();
    expect(w.deadLetters.letters).toMatchObject([
      { failure: { class: 'expired', code: 'hold-max' } },
    ]);
  });

  it('is asked about first when it is in doubt, and held only if the provider does not have it', async () => {
    const inDoubt = () => [aDelivery({ status: 'unknown', doubt, attempts: 1 })];
    const found = setUp({ deliveries: inDoubt() });
    found.leave.decision = window;
    found.lookUps.push({ kind: 'accepted', providerMessageId: 'SM1' });
    await found.run();
    expect(found.deliveries.all()[0]).toMatchObject({ status: 'sent' });
    expect(found.held.all()).toEqual([]);

    const absent = setUp({ deliveries: inDoubt() });
    absent.leave.decision = window;
    await absent.run();
    expect(absent.calls.map(({ name }) => name)).toEqual(['lookUp']);
    expect(absent.deliveries.all()[0]).toMatchObject({ status: 'held' });
    expect(absent.deliveries.all()[0]?.doubt).toBeUndefined();
  });

  it('of a stopped campaign becomes a failed request that can be replayed', async () => {
    const w = setUp();
    const failure = { class: 'stopped', code: 'campaign-stopped', message: 'Stopped.' } as const;
    w.leave.decision = { kind: 'stopped', failure };
    await w.run();
    expect(w.deadLetters.letters).toMatchObject([{ failure }]);
    expect(w.deliveries.all()[0]).toMatchObject({ status: 'failed', lastError: failure });
  });
});
