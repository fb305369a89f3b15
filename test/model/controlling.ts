import { commandCampaign, commands } from '../../domain/campaigns/command.ts';
import type { HeldMessages, Runs } from '../../domain/campaigns/ports.ts';
import { releaseStep } from '../../domain/campaigns/release.ts';
import type { NextStep } from '../../domain/campaigns/run.ts';
import { keepReleasing } from '../../domain/campaigns/start-run.ts';
import { MINUTE, SECOND } from '../../domain/clock.ts';
import { fakeReleaseRuns } from '../fakes/release-runs.ts';
import { fakeSharedSchedule } from '../fakes/shared-schedule.ts';
import type { Invocation } from './invocation.ts';
import { TENANT } from './providers.ts';
import { LEASE, type World } from './system.ts';

const LIFE = 120 * SECOND;
const quiet = { info() {}, warn() {}, error() {}, count() {} };
/** Names by which the only task of the model may be held: its id, its code, and all of the tenant. */
const names = ['task-1', 'TSK_202', '*'] as const;

/** An operator who holds, resumes and stops campaigns, the machine that releases, and its schedule. */
export function controlling(world: World) {
  const { timeline, chance, trace, outside, isCalm, held, controls } = world;
  const stored = fakeReleaseRuns();
  const schedule = fakeSharedSchedule();
  const running = new Set<string>();
  let executions = 0;

  const runsOf = (by: Invocation): Runs => {
    const call = <T>(what: string, effect: () => Promise<T>) =>
      outside.call(by, `runs.${what}`, effect, { dependency: 'held' });
    return {
      list: () => call('list', () => stored.list()),
      get: (id) => call('get', () => stored.get(id)),
      insert: (run) => call('insert', () => stored.insert(run)),
      swap: (run) => call(`swap ${run.runId} v${run.version}`, () => stored.swap(run)),
      end: (run) => call(`end ${run.runId}`, () => stored.end(run)),
    };
  };
  const heldOf = (by: Invocation): Pick<HeldMessages, 'page' | 'drop' | 'oldestDue'> => ({
    page: (scope, cursor) =>
      outside.call(by, 'held.page', () => held.page(scope, cursor), { dependency: 'held' }),
    drop: (messages) => {
      const drop = () => held.drop(messages);
      return outside.call(by, `held.drop ${messages.length}`, drop, {
        dependency: 'held',
        repeat: drop,
      });
    },
    oldestDue: (now) =>
      outside.call(by, 'held.oldestDue', () => held.oldestDue(now), { dependency: 'held' }),
  });
  const startDeps = (by: Invocation) => ({
    runs: runsOf(by),
    releases: {
      start: (name: string, step: NextStep) =>
        outside.call(by, `start ${name}`, () => {
          if (running.has(name)) return;
          running.add(name);
          void machine(name, step);
        }),
      isRunning: (name: string) => outside.call(by, 'isRunning', () => running.has(name)),
    },
    leaseMs: LEASE,
    clock: by.clock,
    newId: () => `release-${++executions}`,
  });

  const invoke = async (step: NextStep): Promise<NextStep | 'failed'> => {
    const by = outside.begin('release', LIFE);
    const work = releaseStep(step, {
      runs: runsOf(by),
      held: heldOf(by),
      controls: (tenantId) =>
        outside.call(by, 'controls.ofTenant', () => controls.ofTenant(tenantId)),
      queue: async (requests) => {
        try {
          return await outside.call(by, `put back ${requests.length}`, () =>
            requests.map((request) => {
              if (!isCalm() && chance.happens(0.1)) return 'failed' as const;
              world.books.reach('released');
              world.outbound.send(JSON.stringify(request));
              return 'enqueued' as const;
            }),
          );
        } catch {
          return requests.map(() => 'failed' as const);
        }
      },
      schedule,
      limits: { maxRate: 10, sliceMs: 45_000, maxTurns: chance.pick([3, 800]) },
      clock: by.clock,
      sleep: (ms) => outside.sleep(by, ms),
      observe: quiet,
    }).catch(() => 'failed' as const);
    const answer = await Promise.race([work, by.death]);
    by.finish();
    return answer === 'died' ? 'failed' : answer;
  };

  /** Runs an execution to its end, with the machine's retries. */
  const machine = async (name: string, first: NextStep): Promise<void> => {
    let step = first;
    let failures = 0;
    while (step.next !== 'done' && failures < 3) {
      if (step.next === 'wait') await timeline.sleep(step.seconds * SECOND);
      const next = await invoke(step);
      if (next === 'failed') {
        failures += 1;
        await timeline.sleep(chance.whole(1, 30) * SECOND);
        step = { ...step, next: 'release' };
      } else {
        failures = 0;
        step = next;
      }
    }
    trace(() => `execution ${name} ended`);
    running.delete(name);
  };

  const run = async (what: string, work: (by: Invocation) => Promise<unknown>) => {
    const by = outside.begin(what, 30 * SECOND);
    await Promise.race([work(by).catch(() => undefined), by.death]);
    by.finish();
  };

  /** The schedule runs while anything is held or released. */
  let isTicking = false;
  const tick = () => {
    if (isTicking) return;
    isTicking = true;
    timeline.after(MINUTE, async () => {
      isTicking = false;
      await run('release-schedule', (by) =>
        keepReleasing({ ...startDeps(by), held: heldOf(by), observe: quiet }),
      );
      if (held.all().length > 0 || (await stored.list()).length > 0) tick();
    });
  };
  world.whenHeld(tick);

  const command = async (word: (typeof commands)[number], taskId: string) => {
    trace(() => `the operator says: ${word} ${taskId}`);
    world.books.reach(word);
    await run('operator', (by) =>
      commandCampaign(
        word,
        { tenantId: TENANT, taskId, by: 'on-call', reason: '' },
        {
          ...startDeps(by),
          controls: {
            ofTenant: (tenantId) =>
              outside.call(by, 'controls.ofTenant', () => controls.ofTenant(tenantId)),
            put: (control, replaces) =>
              outside.call(by, `controls.put ${control.state}`, () =>
                controls.put(control, replaces),
              ),
          },
        },
      ),
    );
    tick();
  };

  return {
    meddle: () => command(chance.pick(commands), chance.pick(names)),
    /** Lets everything leave again. */
    resumeAll: async () => {
      for (const name of names) await command('resume', name);
    },
  };
}
