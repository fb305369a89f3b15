import { describe, expect, it } from 'vitest';
import {
  countAndJudge,
  outcomesStep,
  secondsBetweenCounts,
} from '../../../domain/replay/outcomes.ts';
import type { Replay } from '../../../domain/replay/replay.ts';
import { firstStep } from '../../../domain/replay/steps.ts';
import { aReplay } from '../../builders/replay.ts';
import { world } from './replay-setup.ts';

const step = firstStep({ replayId: 'replay-1', generation: 1 });

/** A replay of which so many were sent and failed again, `seconds` after it began. */
async function setUp(
  over: Partial<Replay>,
  {
    counts = { resolved: 0, failed: 0 },
    seconds = 0,
    isUnderWay = true,
  }: {
    readonly counts?: Omit<Replay['outcomes'], 'countedAt'>;
    readonly seconds?: number;
    readonly isUnderWay?: boolean;
  } = {},
) {
  const w = world([], { limits: { awaitSeconds: 600 } });
  const replay = aReplay({ waitingSince: w.clock(), ...over });
  await w.begin(replay);
  w.clock.advance(seconds * 1000);
  let counted = 0;
  const asked: string[] = [];
  const deps = {
    ...w.deps,
    outcomes: {
      count: async () => {
        counted += 1;
        asked.push('count');
        return counts;
      },
      isUnderWay: async () => {
        asked.push('under way');
        return isUnderWay;
      },
    },
  };
  return {
    ...w,
    asked,
    counted: () => counted,
    judge: () => countAndJudge(step, replay, deps),
    step: () => outcomesStep(step, deps),
  };
}

describe('while it requeues, a replay counts outcomes', () => {
  const counts = { requeued: 10, outcomes: { resolved: 0, failed: 0, countedAt: 0 } };
  /** Requeued `fresh` of `requeued` since the last count, at the start of the clock. */
  const due = async (requeued: number, fresh: number, seconds: number) => {
    const w = await setUp({ requeued, countedUpTo: requeued - fresh }, { seconds });
    await w.judge();
    return w.counted() === 1;
  };

  it('not before it has requeued anything', async () => {
    expect(await due(0, 0, 3600)).toBe(false);
  });

  it('after five seconds when few are new', async () => {
    expect(await due(199, 199, 4)).toBe(false);
    expect(await due(199, 199, 5)).toBe(true);
  });

  it('after two seconds when two hundred are new, and a little more for what it reads', async () => {
    expect(await due(200, 200, 2)).toBe(false);
    expect(await due(200, 200, 2.02)).toBe(true);
    expect(await due(100_000, 200, 11)).toBe(false);
    expect(await due(100_000, 200, 12)).toBe(true);
  });

  it('less often the larger it is', () => {
    expect(secondsBetweenCounts(aReplay({ requeued: 4999 }), 5)).toBe(5);
    expect(secondsBetweenCounts(aReplay({ requeued: 5000 }), 5)).toBe(6);
    expect(secondsBetweenCounts(aReplay({ requeued: 100_000 }), 5)).toBe(25);
  });

  it('and notes them with what they were counted of', async () => {
    const w = await setUp(counts, { counts: { resolved: 30, failed: 2 }, seconds: 5 });

    expect(await w.judge()).toMatchObject({ kind: 'go-on' });
    expect(await w.replay()).toMatchObject({
      status: 'running',
      outcomes: { resolved: 30, failed: 2, countedAt: w.clock() },
      countedUpTo: 10,
      samples: [
        { resolved: 0, failed: 0 },
        { resolved: 30, failed: 2 },
      ],
    });
  });

  it('and stops above the share of failures that is allowed, not at it', async () => {
    const at = await setUp(counts, { counts: { resolved: 50, failed: 50 }, seconds: 5 });
    expect(await at.judge()).toMatchObject({ kind: 'go-on' });

    const above = await setUp(
      { ...counts, control: 'pause', pace: { at: 0, from: 0 } },
      { counts: { resolved: 49, failed: 51 }, seconds: 5 },
    );
    expect(await above.judge()).toMatchObject({ kind: 'stopped' });
    const stopped = await above.replay();
    expect(stopped).toMatchObject({
      status: 'stopped',
      reason: '51 % of the latest outcomes are failures; 50 % is allowed',
      outcomes: { resolved: 49, failed: 51 },
    });
    expect(stopped).not.toHaveProperty('control');
    expect(stopped).not.toHaveProperty('pace');
    expect(above.observe.lines).toContainEqual({
      level: 'error',
      message: 'a replay stopped: too many failed again',
      fields: { replayId: 'replay-1', tenantId: 'tenant-a', count: 51 },
    });
  });
});

describe('when all is requeued, a replay', () => {
  const waiting = { phase: 'outcomes' as const, requeued: 10 };

  it('waits while anything is outstanding', async () => {
    const w = await setUp(waiting, { counts: { resolved: 8, failed: 1 } });

    expect(await w.step()).toMatchObject({ next: 'await', seconds: 5 });
    expect(await w.replay()).toMatchObject({ outcomes: { resolved: 8, failed: 1 } });
  });

  it('waits longer between two counts the larger it is', async () => {
    const w = await setUp({ ...waiting, requeued: 50_000 });

    expect(await w.step()).toMatchObject({ next: 'await', seconds: 15 });
  });

  it('reports once nothing is outstanding', async () => {
    const w = await setUp(waiting, { counts: { resolved: 8, failed: 2 } });

    expect(await w.step()).toMatchObject({ next: 'report' });
  });

  it('reports when patience ends', async () => {
    expect(await (await setUp(waiting, { seconds: 599 })).step()).toMatchObject({ next: 'await' });
    expect(await (await setUp(waiting, { seconds: 600 })).step()).toMatchObject({ next: 'report' });
  });

  it('has no patience to lose before it began to wait', async () => {
    const w = await setUp({ ...waiting, waitingSince: undefined }, { seconds: 600 });

    expect(await w.step()).toMatchObject({ next: 'await' });
  });

  it('reports when other replays have taken over what is outstanding, once the index shows that', async () => {
    const early = await setUp(waiting, { seconds: 30, isUnderWay: false });
    expect(await early.step()).toMatchObject({ next: 'await' });
    expect(early.asked).toEqual(['count']);

    const later = await setUp(waiting, { seconds: 31, isUnderWay: false });
    expect(await later.step()).toMatchObject({ next: 'report' });
    // What settles in between is in the count.
    expect(later.asked).toEqual(['under way', 'count']);
  });

  it('that was canceled reports at once', async () => {
    const w = await setUp({ ...waiting, control: 'cancel' });

    expect(await w.step()).toMatchObject({ next: 'report' });
  });

  it('that was paused notes its outcomes and ends the execution', async () => {
    const w = await setUp({ ...waiting, control: 'pause' }, { counts: { resolved: 3, failed: 0 } });

    expect(await w.step()).toMatchObject({ next: 'done' });
    const paused = await w.replay();
    expect(paused).toMatchObject({ status: 'paused', outcomes: { resolved: 3 } });
    expect(paused).not.toHaveProperty('control');
  });
});

describe('after its canary, a replay', () => {
  const canary = {
    phase: 'canary-outcomes' as const,
    requeued: 110,
    canaryBase: { requeued: 100, failed: 7 },
    options: { ...aReplay().options, canary: 10, maxFailureRate: 0.2 },
  };

  it('goes on with the rest when few enough of the canary failed', async () => {
    const w = await setUp(canary, { counts: { resolved: 101, failed: 9 } });

    expect(await w.step()).toMatchObject({ next: 'requeue' });
    const going = await w.replay();
    expect(going).toMatchObject({ phase: 'requeue', outcomes: { failed: 9 } });
    expect(going).not.toHaveProperty('waitingSince');
  });

  it('waits while some of the canary are outstanding', async () => {
    const w = await setUp(canary, { counts: { resolved: 100, failed: 9 } });

    expect(await w.step()).toMatchObject({ next: 'await', seconds: 5 });
    expect(await w.replay()).toMatchObject({ phase: 'canary-outcomes', outcomes: { failed: 9 } });
  });

  it('stops as soon as too many of it failed, and says so', async () => {
    const w = await setUp(canary, { counts: { resolved: 95, failed: 10 } });

    expect(await w.step()).toMatchObject({ next: 'done' });
    expect(await w.replay()).toMatchObject({
      status: 'stopped',
      reason: 'of a canary of 10, 3 failed again and 5 had no outcome; 20 % is allowed',
    });
  });

  it('counts what has not come back in time against it', async () => {
    const w = await setUp(canary, { counts: { resolved: 98, failed: 9 }, seconds: 600 });

    expect(await w.step()).toMatchObject({ next: 'done' });
    expect(await w.replay()).toMatchObject({
      status: 'stopped',
      reason: 'of a canary of 10, 2 failed again and 3 had no outcome; 20 % is allowed',
    });
  });

  it('does not count against it what another replay has taken over', async () => {
    const w = await setUp(canary, {
      counts: { resolved: 98, failed: 9 },
      seconds: 600,
      isUnderWay: false,
    });

    expect(await w.step()).toMatchObject({ next: 'requeue' });
  });
});
