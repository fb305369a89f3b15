import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryStatus } from '../../../domain/delivery/delivery.ts';
import { settle } from '../../../domain/delivery/settle.ts';
import type { StatusUpdate } from '../../../domain/feedback/external-event-request.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aStatusUpdate } from '../../builders/external-event-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { injectorWorld } from './feedback-setup.ts';

const callback = fc.oneof(
  fc
    .record({
      word: fc.constantFrom('queued', 'sending', 'sent', 'delivered', 'read', 'canceled'),
    })
    .map(({ word }) => aStatusUpdate({ word })),
  fc
    .record({
      word: fc.constantFrom('failed', 'undelivered'),
      errorCode: fc.constantFrom('30003', '30008', '63014'),
    })
    .map((failure) => aStatusUpdate(failure)),
);
const scgCallback = fc
  .record({
    word: fc.constantFrom('CREATED', 'SENT', 'DELIVERED', 'READ', 'FAILED', 'CLICKED', 'CONVERTED'),
  })
  .map(({ word }) => aStatusUpdate({ provider: 'scg', word }));

/** A message's callbacks: each word at most once, as the provider means them. */
const callbacks = fc.oneof(
  fc.uniqueArray(callback, { minLength: 1, maxLength: 7, selector: ({ word }) => word }),
  fc.uniqueArray(scgCallback, { minLength: 1, maxLength: 6, selector: ({ word }) => word }),
);

const before = fc.constantFrom<DeliveryStatus>('sending', 'unknown', 'failed', 'expired', 'sent');

/** The same callbacks in some order, some of them more than once, in groups that arrive together. */
const treated = (updates: readonly StatusUpdate[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...updates, ...updates, ...updates], { minLength: 0 }),
      fc.shuffledSubarray([...updates], { minLength: updates.length }),
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    )
    .map(([extra, all, cuts]) => {
      const order = [...all, ...extra];
      const groups: StatusUpdate[][] = [];
      for (const [n, update] of order.entries()) {
        const last = groups.at(-1);
        if (last === undefined || cuts[n % cuts.length]) groups.push([update]);
        else last.push(update);
      }
      return groups;
    });

const scenario = fc
  .tuple(callbacks, before)
  .chain(([updates, status]) =>
    fc.tuple(fc.constant(updates), fc.constant(status), treated(updates), fc.nat({ max: 12 })),
  );

const asItWas = (status: DeliveryStatus): Delivery =>
  aDelivery({
    status,
    ...(status === 'sending' ? { lease: { token: 'w', since: 0, until: BUILT_AT + 90_000 } } : {}),
    ...(status === 'unknown' ? { doubt: { from: BUILT_AT - 5000, to: BUILT_AT } } : {}),
    ...(status === 'failed'
      ? { lastError: { class: 'unknown', code: 'reset', message: 'No answer came.' } }
      : {}),
  });

/** What stays when all is heard, without the counters of the store. */
const essence = (delivery: Delivery | undefined) => {
  if (delivery === undefined) return undefined;
  // The history has the order in which they came.
  const { version: _v, updatedAt: _u, history: _h, ...rest } = delivery;
  return rest;
};

async function hear(
  groups: readonly (readonly StatusUpdate[])[],
  status: DeliveryStatus,
  /** After how many groups the worker settles the attempt as accepted; 0 never. */
  workerAfter: number,
) {
  const world = injectorWorld({ deliveries: [asItWas(status)] });
  const workerSettles = async () => {
    const [current] = world.deliveries.all();
    if (current === undefined) return;
    const accepted = { kind: 'accepted' as const, providerMessageId: `SM${'1'.repeat(32)}` };
    const policy = {
      backoff: { baseSeconds: 5, maxSeconds: 900 },
      maxAttempts: 8,
      inDoubtGraceMs: 60_000,
      failedRequestTtlSeconds: 7_776_000,
      random: () => 0.5,
    };
    const at = { now: world.clock(), receiveCount: 1 };
    await world.deliveries.swap(settle(current, accepted, at, policy).next);
  };
  for (const [n, group] of groups.entries()) {
    for (const update of group) world.enqueue(update);
    await world.work();
    if (status === 'sending' && n + 1 === workerAfter) await workerSettles();
  }
  await world.drain();
  return {
    delivery: essence(world.deliveries.all()[0]),
    events: world.gateway.events.map((event) => JSON.stringify(event)).sort(),
    letters: world.deadLetters.letters.length,
  };
}

describe("a message's callbacks", () => {
  it('end in the same delivery and the same events, in any order and number', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([updates, status, groups, workerAfter]) => {
        const once = await hear(
          [...updates].map((update) => [update]),
          status,
          0,
        );
        const treatedOtherwise = await hear(groups, status, workerAfter);
        expect(treatedOtherwise).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('are reported once each, whatever else is repeated', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([, status, groups]) => {
        const { events, letters } = await hear(groups, status, 0);
        expect(new Set(events).size).toBe(events.length);
        expect(letters).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
