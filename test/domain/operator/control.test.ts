import { describe, expect, it } from 'vitest';
import { cancel, pause, resume } from '../../../domain/operator/control.ts';
import { startReplay } from '../../../domain/operator/start.ts';
import { nextVersion, type Replay } from '../../../domain/replay/replay.ts';
import { aReplay } from '../../builders/replay.ts';
import { world } from '../replay/replay-setup.ts';
import { service } from './service.ts';

/** A replay whose execution runs, or is gone. */
async function setUp(over: Partial<Replay> = {}, { isAtWork = true } = {}) {
  const w = world([]);
  const replay = aReplay(over);
  await w.replays.insert(replay);
  const started: string[] = [];
  const deps = {
    ...w.deps,
    executions: {
      start: async (name: string) => void started.push(name),
      isRunning: async () => isAtWork,
    },
    outcomes: { ...w.deps.outcomes, count: async () => ({ resolved: 40, failed: 7 }) },
  };
  return { ...w, deps, replay, started };
}

describe('pausing', () => {
  it('asks a running replay once', async () => {
    const { deps, replay } = await setUp();
    const asked = await pause(replay, deps);
    expect(asked).toMatchObject({ control: 'pause', version: 2 });
    expect(await pause(asked, deps)).toBe(asked);
  });

  it('leaves a paused one as it is', async () => {
    const { deps, replay } = await setUp({ status: 'paused' });
    expect(await pause(replay, deps)).toBe(replay);
  });

  it.each([
    [{ control: 'cancel' }, {}, 'The replay is being canceled.'],
    [
      {},
      { isAtWork: false },
      'The replay is not at work: it is left without an execution; resume or cancel it.',
    ],
    [{ status: 'stopped' }, {}, 'The replay is not at work: it is stopped.'],
  ] as const)('of %o is refused with its reason', async (over, given, message) => {
    const { deps, replay } = await setUp(over, given);
    await expect(pause(replay, deps)).rejects.toThrow(message);
  });
});

describe('resuming', () => {
  it('takes a pause back that has not happened yet', async () => {
    const { deps, replay, started } = await setUp({ control: 'pause' });
    expect(await resume(replay, deps)).not.toHaveProperty('control');
    expect(started).toEqual([]);
  });

  it.each([
    [{ status: 'completed' }, 'The replay is completed; start a new one.'],
    [{ status: 'canceled' }, 'The replay is canceled; start a new one.'],
    [{}, 'The replay is at work already.'],
    [{ control: 'cancel' }, 'The replay is at work already.'],
  ] as const)('of %o is refused with its reason', async (over, message) => {
    const { deps, replay } = await setUp(over);
    await expect(resume(replay, deps)).rejects.toThrow(message);
  });

  it('goes on where a failed one left off, in a new execution', async () => {
    const page = { guids: ['one'] };
    const { deps, replay, started, clock } = await setUp({
      status: 'failed',
      reason: 'x',
      pace: { at: 1, from: 0 },
      waitingSince: 5,
      page,
    });
    clock.advance(1000);
    const resumed = await resume(replay, deps);
    expect(resumed).toMatchObject({
      status: 'running',
      generation: 2,
      phase: 'requeue',
      page,
      waitingSince: clock(),
    });
    expect(resumed).not.toHaveProperty('reason');
    expect(resumed).not.toHaveProperty('pace');
    expect(started).toEqual(['replay-1-2']);
  });

  it('of one that waits for nothing begins no wait', async () => {
    const { deps, replay } = await setUp({ status: 'paused' });
    expect(await resume(replay, deps)).not.toHaveProperty('waitingSince');
  });

  it('after too many failures begins with a canary and holds nothing of before against it', async () => {
    const { deps, replay } = await setUp({
      status: 'stopped',
      phase: 'outcomes',
      requeued: 50,
      waitingSince: 5,
      options: { ...aReplay().options, canary: 3 },
    });
    const resumed = await resume(replay, deps);
    expect(resumed).toMatchObject({
      phase: 'canary',
      canaryBase: { requeued: 50, failed: 7 },
      samples: [{ resolved: 40, failed: 7 }],
    });
    expect(resumed).not.toHaveProperty('waitingSince');
  });

  it('after too many failures goes on requeuing where no canary was asked for', async () => {
    const { deps, replay } = await setUp({ status: 'stopped', phase: 'outcomes' });
    expect(await resume(replay, deps)).toMatchObject({ phase: 'requeue' });
  });
});

describe('canceling', () => {
  it('asks a running replay once', async () => {
    const { deps, replay, started } = await setUp();
    const asked = await cancel(replay, deps);
    expect(asked).toMatchObject({ control: 'cancel' });
    expect(await cancel(asked, deps)).toBe(asked);
    expect(started).toEqual([]);
  });

  it('of one that is not at work is done by a new execution', async () => {
    const { deps, replay, started } = await setUp({ status: 'paused' });
    expect(await cancel(replay, deps)).toMatchObject({ status: 'running', control: 'cancel' });
    expect(started).toEqual(['replay-1-2']);
  });

  it('leaves a canceled one as it is, and refuses a completed one', async () => {
    const canceled = await setUp({ status: 'canceled' });
    expect(await cancel(canceled.replay, canceled.deps)).toBe(canceled.replay);
    const completed = await setUp({ status: 'completed' });
    await expect(cancel(completed.replay, completed.deps)).rejects.toThrow(
      'The replay is completed.',
    );
  });
});

describe('an operator whose replay changes meanwhile', () => {
  it('is heard by its new version while it is the same execution', async () => {
    const { deps, replay, replays, clock } = await setUp();
    await replays.swap(nextVersion(replay, { requeued: 9 }, clock()));
    expect(await pause(replay, deps)).toMatchObject({ control: 'pause', requeued: 9, version: 3 });
  });

  it.each([{ status: 'paused' as const }, { generation: 2 }])(
    'is told so when it has become %o',
    async (changes) => {
      const { deps, replay, replays, clock } = await setUp();
      await replays.swap(nextVersion(replay, changes, clock()));
      await expect(pause(replay, deps)).rejects.toThrow(
        'The replay has just changed; look at it and try again.',
      );
    },
  );
});

describe('starting a replay', () => {
  const input = { selection: { tenantId: 'tenant-a' }, options: aReplay().options };
  const caller = { name: 'on-call', tenants: ['tenant-a'] };

  it('closes its window now, and says who started it', async () => {
    const { deps, w } = service([]);
    const replay = await startReplay({ ...input, key: 'mine' }, caller, deps);
    const until = new Date(w.clock()).toISOString();
    expect(replay).toMatchObject({
      replayId: 'mine',
      selection: { tenantId: 'tenant-a', until },
      startedBy: 'on-call',
      createdAt: w.clock(),
      expireTs: Math.ceil(w.clock() / 1000) + 1000,
    });
    expect(w.observe.lines).toContainEqual({
      level: 'info',
      message: 'a replay was started',
      fields: { replayId: 'mine', tenantId: 'tenant-a', code: 'on-call' },
    });
    expect(w.started.map(({ name }) => name)).toEqual(['mine-1']);
  });

  it.each([
    ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
    ['2999-01-01T00:00:00.000Z', undefined],
  ])('keeps an earlier end of its window: %s', async (until, kept) => {
    const { deps, w } = service([]);
    const selection = { ...input.selection, until };
    const replay = await startReplay({ ...input, selection }, caller, deps);
    expect(replay.selection.until).toBe(kept ?? new Date(w.clock()).toISOString());
  });

  it('under a key of another replay is refused', async () => {
    const { deps } = service([]);
    await startReplay({ ...input, key: 'mine' }, caller, deps);
    const other = { ...input, options: { ...input.options, rate: 11 }, key: 'mine' };
    await expect(startReplay(other, caller, deps)).rejects.toThrow(
      'This idempotency key belongs to another replay; choose a new one.',
    );
  });

  it('whose execution cannot be started says how to go on', async () => {
    const { deps, w } = service([]);
    w.starting.begin(1);
    await expect(startReplay({ ...input, key: 'mine' }, caller, deps)).rejects.toThrow(
      'Replay mine is stored as failed and nothing of it was sent: its execution could not be started. Resume it, or ask again with Idempotency-Key: mine.',
    );
    expect(await w.replay('mine')).toMatchObject({
      status: 'failed',
      reason: 'its execution could not be started; resume it',
    });
    expect(await startReplay({ ...input, key: 'mine' }, caller, deps)).toMatchObject({
      status: 'running',
      generation: 2,
    });
  });

  it.each([
    ['was paused', { status: 'paused' as const }],
    ['failed after it had sent some', { status: 'failed' as const, requeued: 1 }],
    ['failed with a page at work', { status: 'failed' as const, page: { guids: ['one'] } }],
  ])('that %s is not started again by its key', async (_, over) => {
    const { deps, w } = service([]);
    const first = await startReplay({ ...input, key: 'mine' }, caller, deps);
    await w.replays.swap(nextVersion(first, over, w.clock()));
    expect(await startReplay({ ...input, key: 'mine' }, caller, deps)).toMatchObject(over);
    expect(w.started).toHaveLength(1);
  });
});
