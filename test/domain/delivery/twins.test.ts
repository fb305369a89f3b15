import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import { deliver } from '../../../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../../../domain/delivery/deliver-deps.ts';
import type { LookUp, Outcome } from '../../../domain/delivery/outcome.ts';
import type { Deliveries, MessageOwners } from '../../../domain/delivery/ports.ts';
import { resolveFailedRequest } from '../../../domain/failed-requests/resolve.ts';
import { breaker } from '../../../domain/feedback/breaker.ts';
import { inject } from '../../../domain/feedback/inject.ts';
import type { InjectDeps } from '../../../domain/feedback/inject-deps.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { providers } from '../../../providers/registry.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeDeadLetters } from '../../fakes/dead-letters.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeEventGateway } from '../../fakes/event-gateway.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { fakeReplyLog } from '../../fakes/reply-log.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { fakeWindows } from '../../fakes/whatsapp-windows.ts';
import { injectSettings } from '../feedback/feedback-setup.ts';
import { worldPolicy } from './delivery-simulation.ts';

/** What becomes of one attempt: the provider takes the message or not, and answers or not. */
type Treatment = 'ok' | 'accepted-unanswered' | 'lost' | 'throttled' | 'worker-dies-after';

type Sent = { readonly sid: string; readonly request: MessageRequest; readonly createdAt: number };

/**
 * Twilio's way of keeping messages: without a reference of ours, so equal texts to one person cannot be
 * told apart. `turn` is waited for before every call to the outside.
 */
function world(
  treatments: readonly Treatment[],
  turn: () => Promise<unknown>,
  { isNeverReported = false } = {},
) {
  let now = BUILT_AT;
  let ids = 0;
  const next = treatments[Symbol.iterator]();
  const messages: Sent[] = [];
  const callbacks: Sent[] = [];
  const stored = fakeDeliveries();
  const known = fakeMessageOwners(stored.all);
  const unknown = {
    kind: 'unknown',
    failure: { class: 'unknown', code: 'x', message: 'x' },
  } as const;

  const deliveries: Deliveries = {
    insert: async (delivery) => {
      await turn();
      return stored.insert(delivery);
    },
    get: async (id) => {
      await turn();
      return stored.get(id);
    },
    swap: async (delivery) => {
      await turn();
      return stored.swap(delivery);
    },
  };
  const owners: MessageOwners = {
    deliveriesTo: async (recipient) => {
      await turn();
      return known.deliveriesTo(recipient);
    },
    claim: async (id, by) => {
      await turn();
      return known.claim(id, by);
    },
  };
  const accept = (request: MessageRequest): Sent => {
    const message = { sid: `SM${messages.length + 1}`, request, createdAt: now };
    messages.push(message);
    callbacks.push(message);
    return message;
  };
  const gateway = (die: () => void) => ({
    send: async (request: MessageRequest): Promise<Outcome> => {
      await turn();
      switch (next.next().value ?? 'ok') {
        case 'accepted-unanswered':
          accept(request);
          return unknown;
        case 'lost':
          return unknown;
        case 'throttled':
          return { ...unknown, kind: 'throttled' };
        case 'worker-dies-after':
          accept(request);
          die();
          return new Promise<never>(() => {});
        case 'ok': {
          const { sid } = accept(request);
          await turn();
          return { kind: 'accepted', providerMessageId: sid };
        }
      }
    },
    lookUp: async (request: MessageRequest): Promise<LookUp> => {
      await turn();
      const fitting = messages.filter(
        (message) => message.request.to === request.to && message.request.from === request.from,
      );
      if (fitting.length === 0) return { kind: 'absent' };
      return {
        kind: 'candidates',
        isNeverReported,
        messages: fitting.map(({ sid, createdAt, request: { body } }) => ({
          providerMessageId: sid,
          ...(body === request.body ? { equalSince: createdAt } : {}),
        })),
      };
    },
  });
  const failedRequests = fakeFailedRequests();
  const common = {
    deliveries,
    owners,
    resolveFailedRequest: (request: MessageRequest) =>
      resolveFailedRequest(request, failedRequests),
    deadLetters: fakeDeadLetters(),
    secrets: fakeTenantSecrets({ 'tenant-a': aTenantSecret(), 'tenant-b': aTenantSecret() }),
    clock: () => now,
    signalUntil: () => new AbortController().signal,
    observe: fakeObserve(),
  };
  const depsFor = (die: () => void): DeliverDeps => {
    const twilio = gateway(die);
    return {
      ...common,
      mayLeaveNow: async () => ({ kind: 'send' }),
      holdStore: fakeHeldMessages(),
      optOuts: fakeOptOuts(),
      identities: undefined,
      gateways: { twilio, scg: twilio },
      // The subject is who owns a message, not when it is given up.
      policy: { ...worldPolicy, maxAttempts: 100 },
      newId: () => {
        ids += 1;
        return `claim-${ids}`;
      },
    };
  };
  const injectDeps: InjectDeps = {
    ...common,
    failedRequests,
    optOuts: fakeOptOuts(),
    windows: fakeWindows(),
    identities: fakeIdentities(),
    replyLog: fakeReplyLog(),
    gateway: fakeEventGateway(),
    breaker: breaker({ pause: { baseSeconds: 5, maxSeconds: 300 }, probeMs: 30_000 }),
    explain: () => undefined,
    providers,
    settings: injectSettings,
    random: () => 0.5,
  };

  type Entry = { request: MessageRequest; visibleAt: number; receiveCount: number };
  const queue: Entry[] = [];

  const receive = async (entry: Entry): Promise<void> => {
    entry.receiveCount += 1;
    entry.visibleAt = now + 6 * MINUTE;
    const died = Promise.withResolvers<'died'>();
    const result = await Promise.race([
      died.promise,
      deliver(
        {
          body: JSON.stringify(entry.request),
          messageId: entry.request.guid,
          receiveCount: entry.receiveCount,
          deadline: now + MINUTE,
        },
        depsFor(() => died.resolve('died')),
      ),
    ]);
    if (result === 'died') return;
    if (result.kind === 'retry') entry.visibleAt = now + result.seconds * SECOND;
    else queue.splice(queue.indexOf(entry), 1);
  };
  const report = async ({ sid, request }: Sent): Promise<void> => {
    const body = {
      v: 1,
      kind: 'status',
      key: `twilio:${sid}:delivered`,
      tenantId: request.tenantId,
      provider: 'twilio',
      channel: 'SMS',
      providerMessageId: sid,
      receivedAt: now,
      word: 'delivered',
      guid: request.guid,
      identityId: request.identityId,
      externalCode: request.externalCode,
      responseTrackingCode: request.responseTrackingCode,
    };
    await inject(
      {
        body: JSON.stringify(body),
        messageId: sid,
        receiveCount: 1,
        enqueuedAt: now,
        deadline: now + MINUTE,
      },
      injectDeps,
    );
  };

  return {
    messages,
    stored,
    known,
    post: (request: MessageRequest) => queue.push({ request, visibleAt: now, receiveCount: 0 }),
    receive,
    queue,
    advance: (ms: number) => {
      now += ms;
    },
    /** Everything that is due, all at once; `isReported` says which callbacks come now. */
    round: (isReported: () => boolean): Promise<unknown> => {
      const due = queue.filter(({ visibleAt }) => visibleAt <= now);
      const reports = callbacks.filter(isReported);
      for (const sent of reports) callbacks.splice(callbacks.indexOf(sent), 1);
      return Promise.all([...due.map(receive), ...reports.map(report)]);
    },
    skipAhead: () => {
      const soonest = Math.min(...queue.map(({ visibleAt }) => visibleAt));
      if (Number.isFinite(soonest)) now = Math.max(now, soonest);
    },
  };
}

const twin = (n: number, over: Partial<MessageRequest> = {}) =>
  aMessageRequest({ guid: `twin-${n}`, ...over });

async function drain(
  w: ReturnType<typeof world>,
  isReported = () => false,
  rounds = 60,
): Promise<void> {
  for (let round = 0; round < rounds && w.queue.length > 0; round += 1) {
    await w.round(isReported);
    w.skipAhead();
  }
}

describe('two messages with the same text to one number', () => {
  const soon = async () => {};

  it('of which one was sent and the other lost: the other is sent again', async () => {
    const w = world(['ok', 'lost'], soon);
    w.post(twin(1));
    await w.round(() => false);
    w.post(twin(2));
    await drain(w);

    expect(w.messages.map(({ request }) => request.guid)).toEqual(['twin-1', 'twin-2']);
    expect(w.stored.all().map(({ providerMessageId }) => providerMessageId)).toEqual([
      'SM1',
      'SM2',
    ]);
  });

  it('of which one was accepted late and the other refused: neither is taken for the other', async () => {
    const w = world(['lost', 'accepted-unanswered'], soon);
    w.post(twin(1));
    w.post(twin(2));
    // The refused one asks first.
    await drain(w, () => false, 10);
    expect(w.messages.map(({ request }) => request.guid)).toEqual(['twin-2']);
    expect(w.stored.all().map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(w.stored.all()[0]).toMatchObject({ lastError: { code: 'equal-messages-in-doubt' } });

    await drain(w, () => true);
    expect(w.messages.map(({ request }) => request.guid)).toEqual(['twin-2', 'twin-1']);
    expect(w.stored.all()).toMatchObject([
      { guid: 'twin-1', status: 'sent', providerMessageId: 'SM2' },
      { guid: 'twin-2', status: 'delivered', providerMessageId: 'SM1' },
    ]);
  });

  it('both accepted without an answer: both are found, and no report is needed', async () => {
    const w = world(['accepted-unanswered', 'accepted-unanswered'], soon);
    w.post(twin(1));
    w.post(twin(2));
    await drain(w);

    expect(w.messages).toHaveLength(2);
    expect(w.stored.all()).toMatchObject([
      { status: 'sent', providerMessageId: 'SM1' },
      { status: 'sent', providerMessageId: 'SM2' },
    ]);
  });

  it('stay in doubt without a report, and are given up as unknown when they grow too old', async () => {
    const w = world(['lost', 'accepted-unanswered'], soon);
    w.post(twin(1));
    w.post(twin(2));
    await drain(w, () => false, 10);
    w.advance(worldPolicy.eventTtlSeconds * SECOND);
    await drain(w);

    expect(w.messages).toHaveLength(1);
    expect(w.stored.all()).toMatchObject([
      { status: 'failed', lastError: { class: 'unknown', code: 'equal-messages-in-doubt' } },
      { status: 'failed', lastError: { class: 'unknown', code: 'equal-messages-in-doubt' } },
    ]);
  });

  it('of a provider that never reports are distinguished by nobody: one more is sent', async () => {
    const w = world(['lost', 'accepted-unanswered'], soon, { isNeverReported: true });
    w.post(twin(1));
    w.post(twin(2));
    await drain(w);

    expect(w.messages).toHaveLength(2);
    expect(w.stored.all().map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('of two tenants with one account are distinguished as well', async () => {
    const w = world(['ok', 'lost'], soon);
    w.post(twin(1, { tenantId: 'tenant-b' }));
    w.post(twin(2));
    await drain(w);

    expect(w.messages).toHaveLength(2);
  });

  it('of which one is being sent right now: the other waits until it is known whose message there is', async () => {
    const held = Promise.withResolvers<void>();
    let isHeld = false;
    const w = world(['lost', 'ok'], async () => {
      // The second one's answer is on its way while the first one is looked up.
      if (isHeld && w.messages.length === 1) await held.promise;
    });
    w.post(twin(1));
    await w.round(() => false);
    w.advance(90 * SECOND);
    w.post(twin(2));
    const [first, second] = w.queue;
    if (!first || !second) throw new Error('both wait');
    isHeld = true;
    const sending = w.receive(second);
    await expect.poll(() => w.messages.length).toBe(1);
    isHeld = false;
    await w.receive(first);
    expect(w.queue).toContain(first);
    held.resolve();
    await sending;
    await drain(w);

    expect(w.messages.map(({ request }) => request.guid)).toEqual(['twin-2', 'twin-1']);
  });

  it('are each sent once in the end, whatever the provider answers, whoever dies, whenever it reports', async () => {
    const treatment = fc.constantFrom<Treatment>(
      'ok',
      'accepted-unanswered',
      'accepted-unanswered',
      'lost',
      'throttled',
      'worker-dies-after',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(treatment, { maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        fc.integer({ min: 2, max: 3 }),
        async (scheduler, treatments, reported, count) => {
          const w = world(treatments, () => scheduler.schedule(Promise.resolve()));
          for (let n = 0; n < count; n += 1) w.post(twin(n));
          const isReported = () => reported.next().value ?? false;
          for (let round = 0; round < 60 && w.queue.length > 0; round += 1) {
            await scheduler.waitFor(w.round(isReported));
            w.skipAhead();
          }

          expect(w.queue).toEqual([]);
          expect(w.messages.map(({ request }) => request.guid).sort()).toEqual(
            Array.from({ length: count }, (_, n) => `twin-${n}`),
          );
          const kept = w.stored.all();
          expect(
            kept.filter(({ status }) => status === 'sent' || status === 'delivered'),
          ).toHaveLength(count);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
