import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import type { ReplayDeps } from '../../../domain/replay/deps.ts';
import { nextVersion } from '../../../domain/replay/replay.ts';
import { requeueStep } from '../../../domain/replay/requeue.ts';
import { waitForShare } from '../../../domain/replay/share.ts';
import { firstStep, type NextStep } from '../../../domain/replay/steps.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { aReplay } from '../../builders/replay.ts';
import { timelineFrom } from '../../model/timeline.ts';
import { someFailed, world } from './replay-setup.ts';

type Plan = {
  readonly rate: number;
  readonly count: number;
  /** When it starts, ms after the first. */
  readonly startsAt?: number;
  /** What its function's clock is ahead by, ms. */
  readonly skew?: number;
  /** Requests of which only every so many-th can be sent. */
  readonly sendsEvery?: number;
  /** How long putting a batch on the queue takes, ms. */
  readonly sendMs?: (no: number) => number;
};

/** Replays of a tenant each, all running at once on one virtual time line. */
function replays(plans: readonly Plan[], maxRate: number) {
  const timeline = timelineFrom(BUILT_AT);
  const rows = plans.flatMap(({ count, sendsEvery = 1 }, tenant) =>
    someFailed(count, (no) => ({
      guid: `guid-${tenant}-${no}`,
      tenantId: `tenant-${tenant}`,
      eventBody: JSON.stringify(
        aMessageRequest({ guid: `guid-${tenant}-${no}`, tenantId: `tenant-${tenant}` }),
      ),
      ...(no % sendsEvery === 0 ? {} : { errorClass: 'permanent' }),
    })),
  );
  const w = world(rows, { limits: { maxRate } });
  /** When each message was put on a queue, ms after the start, by replay. */
  const sent: number[][] = plans.map(() => []);
  let reserved = 0;

  const depsOf = ({ skew = 0, sendMs }: Plan, no: number): ReplayDeps => {
    let batches = 0;
    return {
      ...w.deps,
      clock: () => timeline.now() + skew,
      sleep: timeline.sleep,
      schedule: {
        reserve: (slot) => {
          reserved += 1;
          return w.schedule.reserve(slot);
        },
      },
      queues: {
        ...w.deps.queues,
        messages: async (requests) => {
          batches += 1;
          for (const _ of requests) sent[no]?.push(timeline.now() - BUILT_AT);
          if (sendMs) await timeline.sleep(sendMs(batches));
          return requests.map(() => 'enqueued' as const);
        },
      },
    };
  };
  const one = async (plan: Plan, no: number) => {
    const replay = aReplay({
      replayId: `replay-${no}`,
      tenantId: `tenant-${no}`,
      options: { ...aReplay().options, rate: plan.rate, maxFailureRate: 1 },
    });
    await w.replays.insert(replay);
    const deps = depsOf(plan, no);
    await timeline.sleep(plan.startsAt ?? 0);
    let next: NextStep = { ...firstStep(replay), next: 'requeue', seconds: 0 };
    while (next.next === 'requeue' || next.next === 'pace') {
      if (next.next === 'pace') await timeline.sleep(next.seconds * SECOND);
      next = await requeueStep(next, deps);
    }
  };
  return {
    w,
    sent,
    all: () => sent.flat().sort((a, b) => a - b),
    reservations: () => reserved,
    at: (ms: number, happen: () => Promise<void>) => timeline.after(ms, () => void happen()),
    pause: async (replayId: string) => {
      const replay = await w.replay(replayId);
      const asked = nextVersion(replay, { control: 'pause' }, timeline.now());
      expect(await w.replays.swap(asked)).toBe(true);
    },
    run: async () => {
      const running = Promise.all(plans.map(one));
      expect(await timeline.run(1_000_000)).toBe(true);
      await running;
    },
  };
}

/** The most that were sent within any `ms`. */
const busiest = (times: readonly number[], ms: number): number => {
  let [from, most] = [0, 0];
  for (const [to, at] of times.entries()) {
    while ((times[from] ?? at) <= at - ms) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
};
const rateOf = (times: readonly number[]): number => {
  const last = times.at(-1) ?? 0;
  return (times.filter((at) => at < last).length / (last - (times[0] ?? 0))) * SECOND;
};
/** One batch of each replay may fall on the edge of a window. */
const BATCH = 20;

describe('replays that run at once', () => {
  it('keep to the highest rate together: five of 100 a second send 100 a second', async () => {
    const five = replays(
      Array.from({ length: 5 }, () => ({ rate: 100, count: 300 })),
      100,
    );
    await five.run();
    expect(five.all()).toHaveLength(1500);
    for (const seconds of [1, 5, 10]) {
      expect(busiest(five.all(), seconds * SECOND)).toBeLessThanOrEqual(100 * seconds + BATCH);
    }
    expect(rateOf(five.all())).toBeGreaterThan(95);
    // Fairly: none is done long before the others.
    const ends = five.sent.map((times) => times.at(-1) ?? 0);
    expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(3 * SECOND);
  });

  it('keep to it when each is slow, and more wait than fit into a task', async () => {
    const many = replays(
      Array.from({ length: 12 }, () => ({ rate: 1, count: 10 })),
      1,
    );
    await many.run();
    expect(many.all()).toHaveLength(120);
    expect(busiest(many.all(), 30 * SECOND)).toBeLessThanOrEqual(31);
    expect(rateOf(many.all())).toBeGreaterThan(0.8);
  });

  it('give a slow one most of its own rate beside a fast one, and the fast one the rest', async () => {
    const two = replays(
      [
        { rate: 10, count: 70 },
        { rate: 100, count: 700 },
      ],
      100,
    );
    await two.run();
    expect(rateOf(two.sent[0] ?? [])).toBeGreaterThan(7);
    expect(busiest(two.all(), 5 * SECOND)).toBeLessThanOrEqual(500 + BATCH);
    const fastEnds = two.sent[1]?.at(-1) ?? 0;
    expect(rateOf(two.all().filter((at) => at <= fastEnds))).toBeGreaterThan(95);
  });

  it('keep to it though their clocks differ by seconds, and all end', async () => {
    const three = replays(
      [0, 3 * SECOND, -2 * SECOND].map((skew) => ({ rate: 100, count: 1000, skew })),
      100,
    );
    await three.run();
    expect(three.all()).toHaveLength(3000);
    expect(busiest(three.all(), 10 * SECOND)).toBeLessThanOrEqual(1000 + BATCH);
    expect(rateOf(three.all())).toBeGreaterThan(80);
  });

  it('do not exceed their own rate after they waited for others', async () => {
    const two = replays(
      [
        { rate: 100, count: 500 },
        { rate: 40, count: 400 },
      ],
      100,
    );
    await two.run();
    expect(busiest(two.sent[1] ?? [], 5 * SECOND)).toBeLessThanOrEqual(200 + 10);
  });

  it('leave no slot to one that was paused', async () => {
    const two = replays(
      [
        { rate: 100, count: 500, startsAt: 1 },
        { rate: 100, count: 500 },
      ],
      100,
    );
    two.at(2 * SECOND, () => two.pause('replay-1'));
    await two.run();
    const [going = [], paused = []] = two.sent;
    expect(paused.length).toBeLessThan(250);
    const after = going.filter((at) => at > 3 * SECOND);
    expect(rateOf(after)).toBeGreaterThan(97);
  });
});

describe('a batch', () => {
  const now = BUILT_AT;
  const pace = { at: now, from: 0 };
  type Slot = Parameters<ReplayDeps['schedule']['reserve']>[0];

  /** Of a replay of 50 a second, where all together may send 100. */
  async function batch(
    of: { count: number; held?: number; requeued?: number },
    begins: number | undefined = now,
  ) {
    const asked: Slot[] = [];
    const slept: number[] = [];
    const kept = await waitForShare(
      aReplay({ requeued: of.requeued ?? 0, options: { ...aReplay().options, rate: 50 } }),
      pace,
      { count: of.count, held: of.held ?? 0 },
      {
        schedule: {
          reserve: async (slot) => {
            asked.push(slot);
            return begins;
          },
        },
        limits: { maxRate: 100, sliceMs: 0, pollSeconds: 0, awaitSeconds: 0, maxTurns: 0 },
        clock: () => now,
        sleep: async (ms) => {
          slept.push(ms);
        },
      },
    );
    return { asked, slept, kept };
  }

  it('asks for a slot from when it is due, as long as its messages take at the highest rate', async () => {
    expect((await batch({ count: 20 })).asked).toEqual([
      {
        freeBy: now + 1,
        dueAt: now,
        endsAt: now + 200,
        lengthMs: 200,
        latestAt: now + 5 * SECOND,
        wrongAfter: now + MINUTE,
      },
    ]);
  });

  it('counts the slots that it holds already', async () => {
    const [slot] = (await batch({ count: 20, held: 5 })).asked;

    expect(slot).toMatchObject({ freeBy: now + 51, endsAt: now + 200, lengthMs: 150 });
  });

  it('asks for nothing when it holds slots enough', async () => {
    expect(await batch({ count: 20, held: 20 })).toEqual({ asked: [], slept: [], kept: pace });
    expect((await batch({ count: 20, held: 19 })).asked).toHaveLength(1);
  });

  it('is never due later than now', async () => {
    const [slot] = (await batch({ count: 20, requeued: 100 })).asked;

    expect(slot).toMatchObject({ dueAt: now, endsAt: now + 200 });
  });

  it('that begins when it is due keeps its schedule and does not wait', async () => {
    expect(await batch({ count: 20 }, now)).toMatchObject({ slept: [], kept: pace });
  });

  it('that begins later waits and keeps its schedule from then on', async () => {
    expect(await batch({ count: 20, requeued: 7 }, now + 300)).toMatchObject({
      slept: [300],
      kept: { at: now + 300, from: 7 },
    });
  });

  it('that got no slot keeps nothing', async () => {
    const none = await waitForShare(
      aReplay(),
      pace,
      { count: 1, held: 0 },
      {
        ...world([]).deps,
        schedule: { reserve: async () => undefined },
      },
    );

    expect(none).toBeUndefined();
  });
});

describe('a replay that is alone', () => {
  it.each([1, 30, 100, 300])(
    'is not slower than its %i a second for the shared schedule',
    async (rate) => {
      const alone = replays([{ rate, count: Math.max(30, rate * 6) }], 300);
      await alone.run();
      expect(rateOf(alone.all())).toBeGreaterThan(rate * 0.99);
      expect(rateOf(alone.all())).toBeLessThan(rate * 1.05);
    },
  );

  it('catches up what slow batches cost it', async () => {
    const sendMs = (no: number) => (no % 5 === 0 ? 500 : 20);
    const alone = replays([{ rate: 300, count: 2100, sendMs }], 300);
    await alone.run();
    expect(rateOf(alone.all())).toBeGreaterThan(285);
  });

  it('is not slowed by what it skips', async () => {
    const alone = replays([{ rate: 100, count: 2000, sendsEvery: 4 }], 100);
    await alone.run();
    expect(alone.all()).toHaveLength(500);
    expect(rateOf(alone.all())).toBeGreaterThan(95);
  });

  it('reserves once for each batch', async () => {
    const alone = replays([{ rate: 40, count: 200 }], 100);
    await alone.run();
    expect(alone.reservations()).toBe(20);
  });

  it('loses a slot and sends nothing twice when the answer to a reservation is lost', async () => {
    const alone = replays([{ rate: 100, count: 600 }], 100);
    const { reserve } = alone.w.schedule;
    let asked = 0;
    Object.assign(alone.w.schedule, {
      reserve: async (slot: Parameters<typeof reserve>[0]) => {
        asked += 1;
        if (asked % 10 === 0) await reserve(slot);
        return reserve(slot);
      },
    });
    await alone.run();
    expect(alone.all()).toHaveLength(600);
    expect(rateOf(alone.all())).toBeGreaterThan(85);
    expect(rateOf(alone.all())).toBeLessThan(100);
  });

  it('requeues nothing while the schedule cannot be asked', async () => {
    const w = world(someFailed(20));
    const replay = aReplay();
    await w.begin(replay);
    w.schedule.outage.begin();
    await expect(requeueStep(firstStep(replay), w.deps)).rejects.toThrow(Unavailable);
    expect(w.queue.messages).toHaveLength(0);
    expect(w.failedRequests.all().every(({ status }) => status === 'failed')).toBe(true);
  });
});
