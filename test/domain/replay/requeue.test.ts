import { describe, expect, it } from 'vitest';
import { senderFromSettings } from '../../../domain/outbound/sender.ts';
import type { ReplayDeps } from '../../../domain/replay/deps.ts';
import { requeueStep } from '../../../domain/replay/requeue.ts';
import { firstStep } from '../../../domain/replay/steps.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { aReplay } from '../../builders/replay.ts';
import { senderSettings } from '../../builders/sender-settings.ts';
import { someFailed, world } from './replay-setup.ts';

const options = {
  rate: 50,
  canary: 0,
  maxFailureRate: 1,
  ignoreTtl: false,
  includePermanent: false,
  sendInDoubt: false,
  ignoreWindow: false,
};

describe('a replay', () => {
  it('requeues each request once and ends when all were sent', async () => {
    const w = world(someFailed(250));
    await w.begin(aReplay({ options }));
    const { by } = await w.run();
    expect(by('resolved')).toHaveLength(250);
    expect(w.sent).toHaveLength(250);
    expect(w.queue.messages).toHaveLength(250);
    expect(await w.replay()).toMatchObject({
      status: 'completed',
      requeued: 250,
      outcomes: { resolved: 250, failed: 0 },
    });
    expect(w.observe.counted('replayed')).toBe(250);
  });

  it.each([1, 7, 50, 200])('keeps a rate of %i a second', async (rate) => {
    const w = world(someFailed(400));
    await w.begin(aReplay({ options: { ...options, rate } }));
    await w.run();
    const [first = 0, last = 0] = [w.queuedAt[0], w.queuedAt.at(-1)];
    const measured = w.queuedAt.filter((at) => at < last).length / ((last - first) / 1000);
    expect(measured).toBeGreaterThan(rate * 0.9);
    expect(measured).toBeLessThan(rate * 1.1);
    // Even within the run, too: no second has more than a tenth above its share, but for one batch.
    const busiest = Math.max(
      ...w.queuedAt.map(
        (at) => w.queuedAt.filter((other) => other >= at && other < at + 1000).length,
      ),
    );
    expect(busiest).toBeLessThanOrEqual(rate * 1.1 + Math.max(1, rate / 4));
  });

  it('does not catch up in a burst what an outage cost', async () => {
    const w = world(someFailed(100));
    await w.begin(aReplay({ options: { ...options, rate: 10 } }));
    let stalled = false;
    await w.run((next) => {
      if (!stalled && next.next === 'requeue') {
        stalled = true;
        w.clock.advance(60_000);
      }
    });
    const perSecond = w.queuedAt.map(
      (at) => w.queuedAt.filter((other) => other >= at && other < at + 1000).length,
    );
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(14);
  });

  it('marks each request with its replay and counts its replays', async () => {
    const w = world(someFailed(2, () => ({ replays: 3 })));
    await w.begin(aReplay({ options: { ...options, ignoreTtl: true } }));
    const { rows } = await w.run();
    expect(w.queue.messages.map(({ request }) => request.replay)).toEqual([
      { id: 'replay-1', no: 4, ignoreTtl: true, startedAt: BUILT_AT },
      { id: 'replay-1', no: 4, ignoreTtl: true, startedAt: BUILT_AT },
    ]);
    expect(rows.map(({ replays, replayId }) => [replays, replayId])).toEqual([
      [4, 'replay-1'],
      [4, 'replay-1'],
    ]);
  });

  it('takes only what the selection names', async () => {
    const rows = someFailed(300, (no) => ({ errorCode: no % 3 === 0 ? '20003' : '21606' }));
    const w = world(rows);
    await w.begin(aReplay({ options, selection: { tenantId: 'tenant-a', code: '20003' } }));
    await w.run();
    expect(w.sent).toHaveLength(100);
    expect((await w.replay()).requeued).toBe(100);
  });

  it('returns what fails again to the failed, once, and does not take it up again', async () => {
    const w = world(someFailed(30), {
      fate: ({ guid }) => (guid.endsWith('3') ? 'fails' : 'sent'),
    });
    await w.begin(aReplay({ options }));
    const { by } = await w.run();
    expect(by('failed')).toHaveLength(3);
    expect(by('failed').every(({ errorCode }) => errorCode === 'again')).toBe(true);
    expect(w.queue.messages).toHaveLength(30);
    expect((await w.replay()).outcomes).toMatchObject({ resolved: 27, failed: 3 });
  });

  it('sends permanent failures when the operator insists, and poison never', async () => {
    const w = world([
      ...someFailed(2, () => ({ errorClass: 'permanent' })),
      ...someFailed(3, (no) => ({ errorClass: no === 2 ? 'poison' : 'permanent' })).slice(2),
    ]);
    await w.begin(aReplay({ options: { ...options, includePermanent: true } }));
    await w.run();
    expect(w.sent.map(({ guid }) => guid)).toEqual(['guid-000000', 'guid-000001']);
    expect((await w.replay()).skipped).toEqual({ 'needs-editing': 1 });
  });

  it('leaves alone what cannot be sent, and says how much and why', async () => {
    const rows = someFailed(
      6,
      (no) =>
        [
          { errorClass: 'permanent' as const },
          { errorClass: 'poison' as const },
          { eventBody: 'not json' },
          { errorClass: 'transient' as const },
          {},
          {
            eventBody: JSON.stringify(aMessageRequest({ guid: 'guid-000005', to: '+12025550199' })),
          },
        ].at(no) ?? {},
    );
    const w = world(rows);
    await w.deliveries.insert(aDelivery({ guid: 'guid-000003', status: 'delivered' }));
    await w.optOuts.optOut('tenant-a', '+12025550199', 'reply', BUILT_AT);
    await w.begin(aReplay({ options }));
    const { by } = await w.run();
    expect((await w.replay()).skipped).toEqual({
      'needs-editing': 3,
      'delivered-meanwhile': 1,
      'opted-out': 1,
    });
    expect(w.sent.map(({ guid }) => guid)).toEqual(['guid-000004']);
    expect(by('resolved').map(({ guid }) => guid)).toEqual(['guid-000003', 'guid-000004']);
  });

  it('leaves expired ones alone unless the limit is lifted', async () => {
    const w = world(someFailed(3), { eventTtlSeconds: 1 });
    await w.begin(aReplay({ options }));
    await w.run();
    expect(await w.replay()).toMatchObject({ requeued: 0, skipped: { expired: 3 } });
    await w.begin(aReplay({ replayId: 'replay-2', options: { ...options, ignoreTtl: true } }));
    await w.run();
    expect(await w.replay('replay-2')).toMatchObject({ requeued: 3 });
  });

  it('ends at once with a report when nothing is selected', async () => {
    const w = world([]);
    await w.begin(aReplay({ options }));
    await w.run();
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 0 });
  });

  it('chooses a sender from the settings anew, but not while in doubt nor against the creative', async () => {
    const bodies = ['default', 'default', 'creative'] as const;
    const rows = someFailed(3, (no) => ({
      eventBody: JSON.stringify(
        aMessageRequest({ guid: `guid-00000${no}`, fromSource: bodies[no] ?? 'default' }),
      ),
    }));
    const w = world(rows, {
      chooseSender: () => ({ from: '+12025550177', fromSource: 'default' }),
    });
    await w.deliveries.insert(
      aDelivery({ guid: 'guid-000001', status: 'failed', doubt: { from: 1, to: 2 } }),
    );
    await w.begin(aReplay({ options }));
    await w.run();
    expect(w.sent.map(({ from }) => from)).toEqual([
      '+12025550177',
      '+12025550100',
      '+12025550100',
    ]);
  });

  it('reads a sender of the settings as it is read for a new event', async () => {
    const settings = senderSettings({
      default_sender: '(202) 555-0177',
      defaultCountry: 'US',
    });
    const body = aMessageRequest({ guid: 'guid-000000', fromSource: 'default' });
    const w = world(
      someFailed(1, () => ({ eventBody: JSON.stringify(body) })),
      {
        chooseSender: (request) => senderFromSettings(request, settings),
      },
    );
    await w.begin(aReplay({ options }));
    await w.run();
    expect(w.sent.map(({ from }) => from)).toEqual(['+12025550177']);
  });

  it('puts external events on their own queue with their replay', async () => {
    const event = {
      v: 1,
      kind: 'status',
      key: 'guid-000000',
      tenantId: 'tenant-a',
      word: 'delivered',
    };
    const rows = someFailed(1, () => ({
      kind: 'external-event',
      errorClass: 'permanent',
      eventBody: JSON.stringify(event),
    }));
    const w = world(rows, { limits: { awaitSeconds: 10 } });
    await w.begin(aReplay({ options }));
    await w.run();
    expect(w.externalEvents).toEqual([{ ...event, replay: { id: 'replay-1', no: 1 } }]);
    expect(w.queue.messages).toHaveLength(0);
  });

  it('goes on in a new execution when its turns are used up', async () => {
    const w = world(someFailed(300), { limits: { maxTurns: 3, sliceMs: 1000 } });
    await w.begin(aReplay({ options }));
    await w.run();
    expect(w.started.length).toBeGreaterThan(2);
    expect(w.sent).toHaveLength(300);
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 300 });
  });
});

describe('two replays of the same selection', () => {
  it('share it: the second takes only what the first has not claimed', async () => {
    const w = world(someFailed(100), { fate: () => 'stays', limits: { awaitSeconds: 10 } });
    await w.replays.insert(aReplay({ options: { ...options, rate: 40 } }));
    await w.replays.insert(aReplay({ replayId: 'replay-2', options }));
    const first = { ...w.deps, limits: { ...w.deps.limits, sliceMs: 1000 } };
    await requeueStep(firstStep(await w.replay()), first);
    await requeueStep(firstStep(await w.replay('replay-2')), w.deps);
    await requeueStep(firstStep(await w.replay()), w.deps);
    const [one, two] = [await w.replay(), await w.replay('replay-2')];
    expect(one.requeued).toBeGreaterThan(0);
    expect(two.requeued).toBeGreaterThan(0);
    expect(one.requeued + two.requeued).toBe(100);
    expect(new Set(w.queue.messages.map(({ request }) => request.guid)).size).toBe(100);
    expect(w.queue.messages).toHaveLength(100);
  });

  it('the first does not wait for what failed again and the second has taken since', async () => {
    const w = world(someFailed(1), { fate: () => 'fails' });
    await w.begin(aReplay({ options }));
    const begun = w.clock();
    await w.run(async () => {
      const [row] = w.failedRequests.all();
      if (row?.status !== 'failed' || row.replayId !== 'replay-1') return;
      const taken = { status: 'replaying', replayId: 'replay-2', replays: 2 } as const;
      await w.failedRequests.swap(row, { ...row, ...taken });
    });
    expect(await w.replay()).toMatchObject({ status: 'completed', outcomes: { failed: 0 } });
    expect(w.clock() - begun).toBeGreaterThan(30_000);
    expect(w.clock() - begun).toBeLessThan(60_000);
  });
});

describe('when something breaks', () => {
  /** Throws at the n-th call of any port: the process is gone there. */
  function crashing(deps: ReplayDeps, at: number): ReplayDeps {
    let calls = 0;
    const wrap =
      <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        calls += 1;
        if (calls === at) throw new Unavailable('crash-before');
        const result = await call(...args);
        calls += 1;
        if (calls === at) throw new Unavailable('crash-after');
        return result;
      };
    return {
      ...deps,
      replays: { ...deps.replays, get: wrap(deps.replays.get), swap: wrap(deps.replays.swap) },
      failedRequests: {
        getMany: wrap(deps.failedRequests.getMany),
        swap: wrap(deps.failedRequests.swap),
        list: wrap(deps.failedRequests.list),
      },
      queues: { ...deps.queues, messages: wrap(deps.queues.messages) },
    };
  }

  it('loses and doubles nothing, wherever it dies', async () => {
    for (let at = 1; at < 140; at++) {
      const w = world(someFailed(12));
      const replay = aReplay({ options: { ...options, rate: 8 } });
      await w.begin(replay);
      // The first task dies; the machine runs it again, and on.
      await requeueStep(firstStep(replay), crashing(w.deps, at)).catch(() => undefined);
      const { by } = await w.run();
      expect([at, by('resolved').length, w.sent.length]).toEqual([at, 12, 12]);
      expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 12 });
    }
  });

  it('sends again what the queue did not confirm', async () => {
    const w = world(someFailed(20));
    w.queue.refuse('guid-000004', 2);
    await w.begin(aReplay({ options }));
    await w.run();
    expect(w.sent).toHaveLength(20);
    expect((await w.replay()).requeued).toBe(20);
  });

  it('fails with its reason when a part stays down, and goes on where it was when resumed', async () => {
    const w = world(someFailed(300));
    await w.begin(aReplay({ options }));
    w.queue.outage.begin();
    await w.run();
    const failed = await w.replay();
    expect(failed.status).toBe('failed');
    expect(failed.reason).toMatch(/outbound-queue is not available; once it is, resume/);
    // What it had claimed waits for an operator again, and not for this replay alone.
    const rows = w.failedRequests.all();
    expect(rows.every(({ status }) => status === 'failed')).toBe(true);
    expect(rows.some(({ replays }) => replays === 1)).toBe(true);

    w.queue.outage.end();
    await w.replays.swap({
      ...failed,
      status: 'running',
      generation: 2,
      version: failed.version + 1,
    });
    await w.deps.executions.start('replay-1-2', { replayId: 'replay-1', generation: 2, turn: 0 });
    const { by } = await w.run();
    expect(by('resolved')).toHaveLength(300);
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 300 });
  });

  it('leaves a request alone whose guid has become another tenant’s', async () => {
    const [row] = someFailed(1, () => ({ tenantId: 'tenant-b' }));
    if (row === undefined) throw new Error('no row');
    const w = world([row]);
    await w.begin(aReplay({ options, page: { guids: [row.guid] }, exhausted: true }));
    await w.run();
    expect(w.queue.messages).toHaveLength(0);
    expect(w.failedRequests.all()).toEqual([row]);
  });

  it('an execution whose replay was taken over ends without touching anything', async () => {
    const w = world(someFailed(10));
    await w.begin(aReplay({ options, generation: 2 }));
    const next = await requeueStep({ replayId: 'replay-1', generation: 1, turn: 0 }, w.deps);
    expect(next.next).toBe('done');
    expect(w.queue.messages).toHaveLength(0);
  });
});

describe('an operator', () => {
  const press = (w: ReturnType<typeof world>, control: 'pause' | 'cancel') => async () => {
    const replay = await w.replay();
    if (replay.status !== 'running' || replay.control !== undefined) return;
    if (replay.requeued < 20) return;
    await w.replays.swap({ ...replay, control, version: replay.version + 1 });
  };

  it('pauses between batches, and resumes at the same place', async () => {
    const w = world(someFailed(100));
    const sleep = w.deps.sleep;
    const deps = {
      ...w.deps,
      sleep: async (ms: number) => {
        await sleep(ms);
        await press(w, 'pause')();
      },
    };
    await w.replays.insert(aReplay({ options: { ...options, rate: 8 } }));
    const next = await requeueStep(firstStep(aReplay()), deps);
    expect(next.next).toBe('done');
    const paused = await w.replay();
    expect(paused).toMatchObject({ status: 'paused' });
    expect(paused.requeued).toBeGreaterThanOrEqual(20);
    expect(paused.requeued).toBeLessThan(30);
    expect(w.queue.messages).toHaveLength(paused.requeued);
  });

  it('cancels between batches: what is on the queue is sent, the rest stays failed', async () => {
    const w = world(someFailed(500), { limits: { sliceMs: 1000 } });
    await w.begin(aReplay({ options }));
    const { by } = await w.run(press(w, 'cancel'));
    const replay = await w.replay();
    expect(replay.status).toBe('canceled');
    expect(replay.requeued).toBeGreaterThanOrEqual(20);
    expect(by('resolved')).toHaveLength(replay.requeued);
    expect(by('failed')).toHaveLength(500 - replay.requeued);
    expect(by('replaying')).toHaveLength(0);
  });

  it('starts again after a cancel, and every request is sent once in the end', async () => {
    const w = world(someFailed(200), { limits: { sliceMs: 1000 } });
    await w.begin(aReplay({ options }));
    await w.run(press(w, 'cancel'));
    await w.begin(aReplay({ replayId: 'replay-2', options }));
    await w.run();
    expect(w.sent).toHaveLength(200);
    expect(new Set(w.sent.map(({ guid }) => guid)).size).toBe(200);
  });
});

describe('one task of a replay', () => {
  const requeue = async (
    w: ReturnType<typeof world>,
    over: Parameters<typeof aReplay>[0] = {},
    deps: Partial<ReplayDeps> = {},
  ) => {
    await w.replays.insert(aReplay({ options, ...over }));
    return requeueStep(firstStep(aReplay()), { ...w.deps, ...deps });
  };

  it('fills its slice of time and asks for the next one', async () => {
    const w = world(someFailed(300), { limits: { sliceMs: 1000 } });
    const begun = w.clock();
    expect(await requeue(w)).toMatchObject({ next: 'requeue', seconds: 0 });
    expect(w.clock() - begun).toBeGreaterThanOrEqual(1000);
    expect(w.queue.messages.length).toBeLessThanOrEqual(60);
  });

  it('that is due in more than five seconds leaves the wait to the machine', async () => {
    const w = world(someFailed(3));
    const pace = { at: w.clock() + 5001, from: 0 };
    expect(await requeue(w, { pace })).toMatchObject({ next: 'pace', seconds: 6 });
    expect(w.queue.messages).toEqual([]);
    expect(await w.replay()).toMatchObject({ pace });
  });

  it('that is due in five seconds waits itself', async () => {
    const w = world(someFailed(3));
    const begun = w.clock();
    await requeue(w, { pace: { at: begun + 5000, from: 0 } });
    expect(w.queuedAt[0]).toBe(begun + 5000);
  });

  it('that gets no share of the rate asks again in five seconds', async () => {
    const w = world(someFailed(3));
    const schedule = { reserve: async () => undefined };
    expect(await requeue(w, {}, { schedule })).toMatchObject({ next: 'pace', seconds: 5 });
    expect(w.queue.messages).toEqual([]);
    expect(await w.replay()).toMatchObject({ pace: { at: w.clock(), from: 0 } });
  });

  it('sends no more at once than the highest rate of all replays allows', async () => {
    const w = world(someFailed(60), { limits: { maxRate: 40 } });
    await requeue(w, { options: { ...options, rate: 400 } });
    const first = w.queuedAt.filter((at) => at === w.queuedAt[0]);
    expect(first).toHaveLength(10);
  });

  it('ends with the canary, and notes since when it is waited for', async () => {
    const w = world(someFailed(30));
    const canary = { options: { ...options, canary: 7 }, phase: 'canary' } as const;
    expect(await requeue(w, canary)).toMatchObject({ next: 'outcomes' });
    const waiting = await w.replay();
    expect(waiting).toMatchObject({
      phase: 'canary-outcomes',
      requeued: 7,
      waitingSince: w.clock(),
    });
    expect(waiting).not.toHaveProperty('pace');
  });

  it('counts its canary from where that began', async () => {
    const w = world(someFailed(30));
    const again = { requeued: 100, canaryBase: { requeued: 100, failed: 3 } };
    await requeue(w, { options: { ...options, canary: 7 }, phase: 'canary', ...again });
    expect(w.queue.messages).toHaveLength(7);
  });

  it('whose canary is the whole selection waits for it once, as for everything', async () => {
    const w = world(someFailed(3));
    await requeue(w, { options: { ...options, canary: 7 }, phase: 'canary' });
    expect(await w.replay()).toMatchObject({ phase: 'outcomes', requeued: 3 });
  });

  it.each([
    ['pause', 'done', 'paused'],
    ['cancel', 'report', 'running'],
  ] as const)('that finds a %s sends nothing', async (control, next, status) => {
    const w = world(someFailed(3));
    expect(await requeue(w, { control, pace: { at: 1, from: 0 } })).toMatchObject({ next });
    expect(w.queue.messages).toEqual([]);
    const found = await w.replay();
    expect(found).toMatchObject({ status });
    if (control === 'pause') expect(found).not.toHaveProperty('pace');
    if (control === 'pause') expect(found).not.toHaveProperty('control');
  });

  it('takes no further slot for what it skipped', async () => {
    const rows = someFailed(40, (no) => (no < 20 ? { errorClass: 'permanent' } : {}));
    const w = world(rows);
    const lengths: number[] = [];
    await requeue(
      w,
      {},
      {
        schedule: {
          reserve: async (slot) => {
            lengths.push(slot.lengthMs);
            return slot.dueAt;
          },
        },
      },
    );
    expect(w.queue.messages).toHaveLength(20);
    // Ten of 200 a second: 50 ms. The slots of the first ten, which were skipped, serve the next batches.
    expect(lengths).toEqual([50, 50]);
  });

  it('keeps the slots that a smaller batch could not use', async () => {
    const rows = someFailed(110, (no) => {
      if (no >= 100) return {};
      return no < 13 ? { errorClass: 'permanent' } : { errorCode: 'another' };
    });
    const w = world(rows);
    const lengths: number[] = [];
    const reserve: ReplayDeps['schedule']['reserve'] = async (slot) => {
      lengths.push(slot.lengthMs);
      return slot.dueAt;
    };
    await requeue(
      w,
      { selection: { tenantId: 'tenant-a', code: '20003' } },
      { schedule: { reserve } },
    );
    expect(w.queue.messages).toHaveLength(10);
    expect(lengths).toEqual([50]);
  });
});
