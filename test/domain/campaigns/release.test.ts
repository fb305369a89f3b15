import { describe, expect, it } from 'vitest';
import { commandCampaign } from '../../../domain/campaigns/command.ts';
import { releaseStep } from '../../../domain/campaigns/release.ts';
import type { NextStep } from '../../../domain/campaigns/run.ts';
import { keepReleasing, type StartRunDeps } from '../../../domain/campaigns/start-run.ts';
import { HOUR, MINUTE, SECOND } from '../../../domain/clock.ts';
import { aHeldMessage } from '../../builders/held-message.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeControls } from '../../fakes/controls.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeReleaseRuns } from '../../fakes/release-runs.ts';
import { fakeSharedSchedule } from '../../fakes/shared-schedule.ts';

const about = { tenantId: 'tenant-a', taskId: 'TSK_202', by: 'on-call', reason: 'wrong link' };

/** Commands, the machine and its schedule over stores in memory; `queued` are guids in their order. */
function setUp(limits: { maxRate?: number; maxTurns?: number } = {}) {
  const clock = fakeClock();
  const controls = fakeControls();
  const held = fakeHeldMessages();
  const runs = fakeReleaseRuns();
  const observe = fakeObserve();
  const started: NextStep[] = [];
  const running = new Set<string>();
  const queued: string[] = [];
  const queueIs = { down: false };
  let ids = 0;
  const deps: StartRunDeps & { controls: typeof controls } = {
    controls,
    runs,
    releases: {
      start: async (name, step) => {
        if (running.has(name)) return;
        running.add(name);
        started.push(step);
      },
      isRunning: async (name) => running.has(name),
    },
    leaseMs: 90 * SECOND,
    clock,
    newId: () => `execution-${++ids}`,
  };
  const step = (of: NextStep) =>
    releaseStep(of, {
      runs,
      held,
      controls: controls.ofTenant,
      queue: async (requests) =>
        requests.map(({ guid }) => {
          if (queueIs.down) return 'failed' as const;
          queued.push(guid);
          return 'enqueued' as const;
        }),
      schedule: fakeSharedSchedule(),
      limits: { maxRate: 100, sliceMs: 45_000, maxTurns: 800, ...limits },
      clock,
      sleep: async (ms) => clock.advance(ms),
      observe,
    });
  /** Runs the latest execution to its end. */
  const run = async () => {
    let next = started.at(-1);
    while (next !== undefined && next.next !== 'done') {
      if (next.next === 'wait') clock.advance(next.seconds * SECOND);
      next = await step(next);
    }
    if (next !== undefined) running.delete(next.execution);
    return next;
  };
  return {
    clock,
    controls,
    held,
    runs,
    observe,
    started,
    running,
    queued,
    queueIs,
    step,
    run,
    /** What the first execution was started with. */
    first: (): NextStep => {
      const [step] = started;
      if (step === undefined) throw new Error('nothing was started');
      return step;
    },
    command: (word: 'hold' | 'resume' | 'stop', taskId = about.taskId) =>
      commandCampaign(word, { ...about, taskId }, deps),
    schedule: () => keepReleasing({ ...deps, held, observe }),
  };
}

describe('resuming a campaign', () => {
  it('puts back what it held, once every worker has heard of it', async () => {
    const w = setUp();
    for (const guid of ['a', 'b', 'c']) await w.held.keep(aHeldMessage({ guid }));
    await w.command('resume');
    expect(w.started).toMatchObject([{ next: 'wait', seconds: 10 }]);
    await w.run();
    expect(w.queued).toEqual(['a', 'b', 'c']);
    expect(w.held.all()).toEqual([]);
    expect(await w.runs.list()).toEqual([]);
  });

  it('leaves what waits for another reason, and what another campaign has', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage({ guid: 'a' }, { reason: 'window' }));
    await w.held.keep(aHeldMessage({ guid: 'b', taskId: 'other', externalCode: 'TSK_9' }));
    await w.command('resume');
    await w.run();
    expect(w.queued).toEqual([]);
  });

  it('finds what a worker kept by what it knew before', async () => {
    const w = setUp();
    await w.command('resume');
    let next = await w.step(w.first());
    expect(next).toMatchObject({ next: 'wait', cursor: '' });
    await w.held.keep(aHeldMessage({ guid: 'late' }));
    w.clock.advance(next.seconds * SECOND);
    next = await w.step(next);
    expect(next.next).toBe('done');
    expect(w.queued).toEqual(['late']);
  });

  it('of all of a tenant leaves the campaigns that are held themselves', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage({ guid: 'a' }));
    await w.held.keep(aHeldMessage({ guid: 'b', taskId: 'other', externalCode: 'TSK_9' }));
    await w.command('hold', 'TSK_9');
    await w.command('resume', '*');
    await w.run();
    expect(w.queued).toEqual(['a']);
  });

  it('ends when the campaign is held again, and leaves the rest in the store', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage({ guid: 'a' }));
    await w.command('resume');
    await w.command('hold');
    await w.run();
    expect(w.queued).toEqual([]);
    expect(w.held.all()).toHaveLength(1);
  });

  it('is done by the latest command’s execution only', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage());
    await w.command('resume');
    await w.command('resume');
    expect((await w.step(w.first())).next).toBe('done');
    expect(w.queued).toEqual([]);
    await w.run();
    expect(w.queued).toHaveLength(1);
  });

  it('is not forgotten when its execution could not be started, or ended early', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage());
    await w.command('resume');
    w.running.clear();
    await w.schedule();
    expect(w.started).toHaveLength(2);
    await w.schedule();
    expect(w.started).toHaveLength(2);
    await w.run();
    expect(w.queued).toHaveLength(1);
    await w.schedule();
    expect(w.started).toHaveLength(2);
  });

  it('releases nothing when the command itself was never stored', async () => {
    const w = setUp();
    await w.command('hold');
    await w.held.keep(aHeldMessage());
    w.controls.outage.begin(1);
    await expect(w.command('resume')).rejects.toThrow('controls is not available');
    await w.schedule();
    await w.run();
    expect(w.queued).toEqual([]);
  });
});

describe('stopping a campaign', () => {
  it('puts back everything that is held, so that the worker ends it as stopped', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage({ guid: 'a' }));
    await w.held.keep(aHeldMessage({ guid: 'b' }, { reason: 'window' }));
    await w.command('stop');
    await w.run();
    expect(w.queued.sort()).toEqual(['a', 'b']);
  });
});

describe('what is due', () => {
  it('is put back by the schedule, and nothing else is', async () => {
    const w = setUp();
    await w.held.keep(
      aHeldMessage({ guid: 'a' }, { reason: 'window', until: BUILT_AT + 10 * MINUTE }),
    );
    await w.held.keep(aHeldMessage({ guid: 'b' }));
    await w.schedule();
    expect(w.started).toEqual([]);
    w.clock.advance(HOUR);
    await w.schedule();
    await w.run();
    expect(w.queued).toEqual(['a']);
    expect(w.observe.counted('held_overdue_seconds')).toBe(3000);
  });
});

describe('a release', () => {
  it('keeps to its rate', async () => {
    const w = setUp({ maxRate: 1 });
    for (let no = 0; no < 10; no += 1) await w.held.keep(aHeldMessage({ guid: `guid-${no}` }));
    await w.command('resume');
    await w.run();
    expect(w.queued).toHaveLength(10);
    expect(w.clock() - BUILT_AT).toBeGreaterThanOrEqual(10 * SECOND);
  });

  it('leaves in the store what the queue did not confirm', async () => {
    const w = setUp();
    await w.held.keep(aHeldMessage());
    await w.command('resume');
    w.queueIs.down = true;
    await expect(w.run()).rejects.toThrow('outbound-queue is not available');
    expect(w.held.all()).toHaveLength(1);
    w.queueIs.down = false;
    await w.run();
    expect(w.queued).toHaveLength(1);
  });

  it('puts nothing back twice in its passes when it dies between two tasks', async () => {
    const w = setUp({ maxTurns: 1 });
    for (let no = 0; no < 5; no += 1) await w.held.keep(aHeldMessage({ guid: `guid-${no}` }));
    await w.command('resume');
    for (let no = 0; no < 4; no += 1) {
      await w.run();
      await w.schedule();
      w.clock.advance(2 * MINUTE);
    }
    expect(w.queued).toHaveLength(5);
    expect(await w.runs.list()).toEqual([]);
  });
});
