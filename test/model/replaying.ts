import { isDeepStrictEqual } from 'node:util';
import { SECOND } from '../../domain/clock.ts';
import { cancel, pause, resume } from '../../domain/operator/control.ts';
import { startReplay } from '../../domain/operator/start.ts';
import type { ReplayDeps } from '../../domain/replay/deps.ts';
import type { Step } from '../../domain/replay/ports.ts';
import type { Replay } from '../../domain/replay/replay.ts';
import { type NextStep, stepSchema } from '../../domain/replay/steps.ts';
import { runTask } from '../../domain/replay/tasks.ts';
import { fakeReplayOutcomes, fakeReplays } from '../fakes/replays.ts';
import { fakeSharedSchedule } from '../fakes/shared-schedule.ts';
import { fakeVerdictFacts } from '../fakes/verdict-facts.ts';
import type { Invocation } from './invocation.ts';
import { TENANT } from './providers.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './system.ts';

const LIFE = 120 * SECOND;
const quiet = { info() {}, warn() {}, error() {}, count() {} };

const tasks: Readonly<Record<Exclude<NextStep['next'], 'done'>, string>> = {
  requeue: 'requeue',
  pace: 'requeue',
  outcomes: 'outcomes',
  await: 'outcomes',
  continue: 'continue',
  report: 'report',
};

/** The state machine, its functions, and an operator with the commands for replays. */
export function replaying(world: World, scenario: Scenario) {
  const { timeline, chance, trace, outside, isCalm } = world;
  const replays = fakeReplays();
  const schedule = fakeSharedSchedule();
  const outcomes = fakeReplayOutcomes(world.failedRequests);
  const running = new Set<string>();
  const known = new Set<string>();
  const ids: string[] = [];

  const depsOf = (by: Invocation): ReplayDeps => {
    const swap: ReplayDeps['replays']['swap'] = (next) => replays.swap(next);
    return {
      replays: {
        insert: (replay) =>
          outside.call(by, `replays.insert ${replay.replayId}`, () => replays.insert(replay), {
            dependency: 'replays',
          }),
        get: (id) =>
          outside.call(by, 'replays.get', () => replays.get(id), { dependency: 'replays' }),
        swap: (next) =>
          outside.call(
            by,
            `replays.swap ${next.replayId} ${next.status} ${next.phase} v${next.version}`,
            () => swap(next),
            {
              dependency: 'replays',
              repeat: async () =>
                (await swap(next)) || isDeepStrictEqual(await replays.get(next.replayId), next),
            },
          ),
        list: (tenantId, page) =>
          outside.call(by, 'replays.list', () => replays.list(tenantId, page)),
      },
      schedule: {
        reserve: (slot) => {
          const reserve = () => schedule.reserve(slot);
          return outside.call(by, 'schedule.reserve', reserve, {
            dependency: 'replays',
            repeat: reserve,
          });
        },
      },
      failedRequests: world.failedRequestsOf(by, undefined),
      facts: fakeVerdictFacts(world.deliveriesOf(by, undefined), {
        isOptedOut: (tenantId, address) =>
          outside.call(by, 'optOuts.isOptedOut', () => world.optOuts.isOptedOut(tenantId, address)),
      }),
      eventTtlSeconds: scenario.eventTtlSeconds,
      holdMaxMs: scenario.holdMaxMs,
      clock: by.clock,
      queues: {
        messages: async (requests) => {
          try {
            return await outside.call(
              by,
              `requeue ${requests.map(({ guid, from, replay }) => `${guid} from ${from} replay ${replay?.no}`).join(', ')}`,
              () =>
                requests.map((request) => {
                  if (!isCalm() && chance.happens(scenario.mishaps)) return 'failed' as const;
                  world.books.reach('requeued');
                  world.outbound.send(JSON.stringify(request));
                  return 'enqueued' as const;
                }),
            );
          } catch {
            return requests.map(() => 'failed' as const);
          }
        },
        externalEvents: async (records) => {
          for (const record of records) world.events.send(JSON.stringify(record));
          return records.map(() => 'enqueued' as const);
        },
      },
      outcomes: {
        count: (id) => outside.call(by, 'outcomes.count', () => outcomes.count(id)),
        isUnderWay: (replay) =>
          outside.call(by, 'outcomes.isUnderWay', () => outcomes.isUnderWay(replay)),
      },
      executions: {
        start: (name, step) =>
          outside.call(by, `start ${name}`, () => execute(name, step), {
            dependency: 'step-functions',
          }),
        isRunning: (name) => outside.call(by, 'executions.isRunning', () => running.has(name)),
      },
      chooseSender: (request) => ({ from: world.from(request.provider), fromSource: 'default' }),
      limits: {
        maxRate: 100,
        sliceMs: 45_000,
        pollSeconds: 15,
        awaitSeconds: 600,
        maxTurns: chance.pick([4, 800]),
      },
      sleep: (ms) => outside.sleep(by, ms),
      observe: quiet,
    };
  };

  /** One run of a task; `failed` when its function died or threw, or its answer was lost. */
  const invoke = async (payload: object): Promise<NextStep | 'failed'> => {
    const by = outside.begin('replay', LIFE);
    trace(() => `${by.name} runs ${JSON.stringify(payload)}`);
    const work = runTask(payload, depsOf(by)).catch(() => 'failed' as const);
    const answer = await Promise.race([work, by.death]);
    by.finish();
    if (answer === 'died') return 'failed';
    const isLost = !isCalm() && scenario.on.has('repeated-steps') && chance.happens(0.15);
    if (isLost) trace(() => `${by.name}: its answer is lost`);
    return isLost ? 'failed' : answer;
  };

  const state = async (payload: object): Promise<NextStep | 'failed'> => {
    for (let tries = 0; tries <= 6; tries += 1) {
      if (!isCalm() && scenario.on.has('repeated-steps') && chance.happens(0.15)) {
        timeline.after(chance.whole(0, chance.pick([2, 300]) * SECOND), () => void invoke(payload));
      }
      const answer = await invoke(payload);
      if (answer !== 'failed') return answer;
      await timeline.sleep(chance.whole(0, Math.min(60, 2 ** (tries + 1))) * SECOND);
    }
    return 'failed';
  };

  const execute = (name: string, step: Step) => {
    if (known.has(name)) return;
    known.add(name);
    running.add(name);
    void machine(name, step);
  };

  const machine = async (name: string, first: Step) => {
    const step = stepSchema.parse(first);
    let payload: object = { ...step, task: 'prepare' };
    for (;;) {
      const next = await state(payload);
      if (next === 'failed') {
        const error = {
          Error: 'Unavailable',
          Cause: '{"errorMessage":"replays is not available"}',
        };
        await state({ ...payload, task: 'fail', error });
        break;
      }
      if (next.next === 'done') break;
      if (next.next === 'pace' || next.next === 'await')
        await timeline.sleep(next.seconds * SECOND);
      payload = { ...stepSchema.parse(next), task: tasks[next.next] };
    }
    trace(() => `execution ${name} ended`);
    running.delete(name);
  };

  /** One command of an operator; what goes wrong with it, the operator lives with. */
  const command = async (
    what: string,
    run: (deps: ReplayDeps, by: Invocation) => Promise<unknown>,
  ) => {
    const by = outside.begin('operator', 30 * SECOND);
    trace(() => `the operator asks: ${what}`);
    await Promise.race([run(depsOf(by), by).catch(() => undefined), by.death]);
    by.finish();
  };

  const start = (ignoreTtl: boolean) =>
    command(`replay everything${ignoreTtl ? ', ignoring ttl' : ''}`, async (deps, by) => {
      ids.push(`replay-${ids.length + 1}`);
      const id = ids.at(-1) ?? '';
      const options = {
        rate: 100,
        canary: chance.pick([0, 1]),
        maxFailureRate: chance.pick([0.5, 1]),
        ignoreTtl,
        includePermanent: false,
        sendInDoubt: false,
        ignoreWindow: false,
      };
      await startReplay(
        { selection: { tenantId: TENANT }, options },
        { name: 'on-call', tenants: '*' },
        {
          ...deps,
          failedRequests: world.failedRequestsOf(by, undefined),
          isKnownCode: () => true,
          newId: () => id,
          settings: { ttlSeconds: 3600, budgetMs: 15_000 },
        },
      );
    });

  const isOver = ({ status }: Replay) => status === 'canceled' || status === 'completed';

  return {
    start,
    /** Pauses, resumes or cancels one of the replays. */
    meddle: async () => {
      if (ids.length === 0) return;
      const replay = await replays.get(ids[chance.whole(0, ids.length - 1)] ?? '');
      if (replay === undefined) return;
      const control = chance.pick([pause, resume, cancel]);
      await command(`${control.name} ${replay.replayId}`, (deps) => control(replay, deps));
    },
    /** Resumes what is neither over nor at work. True when there was anything. */
    resumeAll: async (): Promise<boolean> => {
      let any = false;
      for (const id of ids) {
        const replay = await replays.get(id);
        if (replay === undefined || isOver(replay)) continue;
        any = true;
        await command(`resume ${id}`, (deps) => resume(replay, deps));
      }
      return any;
    },
  };
}
