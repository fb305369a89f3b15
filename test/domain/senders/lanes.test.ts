import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import type { EnqueueResult, QueuedRequest } from '../../../domain/outbound/ports.ts';
import type { QueueRecord } from '../../../domain/queue.ts';
import { enterLanes, type LaneEntry } from '../../../domain/senders/enter-lanes.ts';
import { lanesFor } from '../../../domain/senders/lane.ts';
import { pacing } from '../../../domain/senders/pacing.ts';
import { senderRateSchema } from '../../../domain/senders/rates.ts';
import { takeSlots } from '../../../domain/senders/take-slots.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakePaces } from '../../fakes/paces.ts';

type Overrides = Parameters<typeof aMessageRequest>[0];

let ids = 0;
const record = (overrides: Overrides = {}, attributes = {}): QueueRecord => {
  ids += 1;
  return {
    body: JSON.stringify(aMessageRequest({ guid: `guid-${ids}`, from: '12345', ...overrides })),
    messageId: `record-${ids}`,
    receiveCount: 1,
    enqueuedAt: BUILT_AT,
    deadline: BUILT_AT + MINUTE,
    queue: 'outbound',
    attributes,
  };
};
const records = (count: number, overrides: Overrides = {}) =>
  Array.from({ length: count }, () => record(overrides));

/** One worker, with what it puts on queues. `refuse` names results of the next calls. */
function aWorker(rates: Readonly<Record<string, unknown>> = { '12345': 100 }, paces = fakePaces()) {
  const clock = fakeClock();
  const pacer = pacing({
    paces,
    rates: z.record(z.string(), senderRateSchema).parse(rates),
    clock,
  });
  const entered: LaneEntry[] = [];
  const delayed: QueuedRequest[] = [];
  const results: EnqueueResult[] = [];
  const resultOf = () => results.shift() ?? 'enqueued';
  const observe = fakeObserve();
  const deps = {
    pacing: pacer,
    lanes: {
      enter: async (entries: readonly LaneEntry[]) => {
        entered.push(...entries);
        return entries.map(resultOf);
      },
    },
    outbound: {
      enqueueBatch: async (requests: readonly QueuedRequest[]) => {
        delayed.push(...requests);
        return requests.map(resultOf);
      },
    },
    random: () => 0.5,
    observe,
  };
  return {
    clock,
    paces,
    pacer,
    entered,
    delayed,
    results,
    enter: (batch: readonly QueueRecord[]) => enterLanes(batch, deps),
    slots: (batch: readonly QueueRecord[]) =>
      takeSlots(batch, { pacing: pacer, retrySeconds: () => 7 }),
  };
}

const done = { kind: 'done' } as const;

describe('entering a lane', () => {
  it('is not for senders without a limit, nor for what cannot be read, and asks no table', async () => {
    const w = aWorker();
    w.paces.outage.begin();
    const batch = [record({ from: '+12025550100' }), { ...record(), body: 'unreadable' }];
    expect(await w.enter(batch)).toEqual(new Map());
    expect(w.entered).toEqual([]);
  });

  it('moves the messages of a sender with a limit, each into a lane of its sender', async () => {
    const w = aWorker();
    const batch = records(30);
    const moved = await w.enter(batch);
    expect([...moved.values()]).toEqual(batch.map(() => done));
    expect(w.entered.map(({ entryId }) => entryId)).toEqual(
      batch.map(({ messageId }) => messageId),
    );
    const lanes = new Set(w.entered.map(({ lane }) => lane));
    expect(lanes.size).toBeGreaterThan(5);
    expect(lanes.size).toBeLessThanOrEqual(lanesFor(100));
    for (const lane of lanes) expect(lane).toMatch(/^tenant-a\/twilio\/12345\/\d+$/);
  });

  it('leaves a record on its queue whose entry was not confirmed, and handles at once what no queue takes', async () => {
    const w = aWorker();
    w.results.push('failed', 'too-large');
    const [failed, tooLarge] = records(2);
    if (!failed || !tooLarge) throw new Error('two records');
    expect(await w.enter([failed, tooLarge])).toEqual(
      new Map([[failed.messageId, { kind: 'retry', seconds: 5 }]]),
    );
  });

  it('gives turns to what is more than a minute’s worth, delays it until then, and takes it in then', async () => {
    const w = aWorker({ '12345': 1 });
    for (let n = 0; n < 6; n += 1) await w.enter(records(10));
    expect(w.entered).toHaveLength(60);
    await w.enter(records(10));
    expect(w.entered).toHaveLength(60);
    expect(w.delayed).toHaveLength(10);
    const [{ delaySeconds = 0, attributes = {} } = {}] = w.delayed;
    expect(delaySeconds).toBeGreaterThanOrEqual(30);
    expect(delaySeconds).toBeLessThan(60);

    await w.enter([record({}, attributes)]);
    expect(w.entered).toHaveLength(61);
  });

  it('delays what is too far from its turn without one', async () => {
    const w = aWorker({ '12345': 1 });
    for (let n = 0; n < 100; n += 1) await w.enter(records(10));
    const last = w.delayed.at(-1);
    expect(last?.attributes).toBeUndefined();
    expect(last?.delaySeconds).toBeGreaterThanOrEqual(450);
    expect(last?.delaySeconds).toBeLessThanOrEqual(900);
  });

  it('lets what has priority in at once, into a lane of its own', async () => {
    const w = aWorker({ '12345': 1 });
    for (let n = 0; n < 10; n += 1) await w.enter(records(10));
    await w.enter([record({ priority: 'high' })]);
    expect(w.entered.at(-1)?.lane).toBe('tenant-a/twilio/12345/high');
  });

  it('goes on while the table is down: lanes are a safe place to wait', async () => {
    const w = aWorker();
    w.paces.outage.begin();
    const batch = records(3);
    expect([...(await w.enter(batch)).values()]).toEqual([done, done, done]);
  });

  it('begins for a sender without a limit once it was throttled, and ends an hour after the last time', async () => {
    const w = aWorker({});
    const request = aMessageRequest({ from: '12345' });
    expect(w.pacer.governorsOf(request)).toEqual([]);
    w.pacer.throttled(request, 'sender');
    await w.pacer.save();
    await w.enter(records(2));
    expect(w.entered).toHaveLength(2);
    w.clock.advance(60 * MINUTE);
    expect(await w.enter(records(2))).toEqual(new Map());
  });

  it('begins for every sender of an account whose concurrency was exceeded', async () => {
    const w = aWorker({});
    w.pacer.throttled(aMessageRequest({ from: '12345' }), 'account');
    await w.pacer.save();
    await w.enter([record({ from: '+12025550100' }), record({ tenantId: 'tenant-b' })]);
    expect(w.entered.map(({ lane }) => lane)).toEqual([
      expect.stringMatching(/^tenant-a\/twilio\/\*\/\d+$/),
    ]);
  });
});

describe('a batch of a lane', () => {
  const times = (slots: ReadonlyMap<string, { kind: string }>) =>
    [...slots.values()].map((slot) =>
      'slot' in slot
        ? Math.round((slot as { slot: { at: number } }).slot.at - BUILT_AT)
        : slot.kind,
    );

  it('gets its slots with one reservation, one after the other', async () => {
    const w = aWorker({ '12345': 10 });
    expect(times(await w.slots(records(4)))).toEqual([200, 301, 401, 502]);
    expect(times(await w.slots(records(2)))).toEqual([602, 703]);
  });

  it('takes a slot for each segment', async () => {
    const w = aWorker({ '12345': 10 });
    expect(times(await w.slots([record({ body: 'a'.repeat(200) }), record()]))).toEqual([200, 401]);
  });

  it('gives back what cannot be sent within ten seconds', async () => {
    const w = aWorker({ '12345': 0.5 });
    const slots = await w.slots(records(10));
    expect(times(slots)).toEqual([200, 2250, 4300, 6350, ...Array(6).fill('back')]);
    expect([...slots.values()].at(-1)).toEqual({ kind: 'back', seconds: 0 });
  });

  it('goes back as a whole when its first slot is too far away', async () => {
    const w = aWorker({ '12345': 0.01 });
    await w.slots(records(1));
    const slots = await w.slots(records(2));
    for (const slot of slots.values()) expect(slot).toEqual({ kind: 'back', seconds: 96 });
  });

  it('waits in its lane while the table is down', async () => {
    const w = aWorker();
    w.paces.outage.begin();
    const slots = await w.slots(records(2));
    expect([...slots.values()]).toEqual(Array(2).fill({ kind: 'back', seconds: 7 }));
  });

  it('leaves its lane when the cap of the day is reached', async () => {
    const w = aWorker({ '12345': { rate: 100, daily_cap: 5 } });
    expect(times(await w.slots(records(5)))).not.toContain('leave');
    expect([...(await w.slots(records(1))).values()]).toEqual([{ kind: 'leave', seconds: 900 }]);
  });

  it('is sent at once when its sender has no pace any more', async () => {
    const w = aWorker({});
    expect(await w.slots(records(2))).toEqual(new Map());
  });

  it('waits for its account too', async () => {
    const w = aWorker({ '12345': 100, account: 1 });
    expect(times(await w.slots(records(3)))).toEqual([200, 1245, 2290]);
  });

  it('keeps to the pace that another worker slowed down', async () => {
    const paces = fakePaces();
    const [one, other] = [aWorker({ '12345': 10 }, paces), aWorker({ '12345': 10 }, paces)];
    one.pacer.throttled(aMessageRequest({ from: '12345' }), 'sender');
    one.pacer.throttled(aMessageRequest({ from: '12345' }), 'sender');
    await one.pacer.save();
    // It learns of it with its first reservation.
    await other.slots(records(1));
    other.clock.advance(SECOND);
    expect(times(await other.slots(records(2)))).toEqual([1200, 1343]);
  });
});
