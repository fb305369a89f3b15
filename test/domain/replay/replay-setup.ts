import type { FailedRequest } from '../../../domain/failed-requests/failed-request.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { continueStep } from '../../../domain/replay/continue.ts';
import type { ReplayDeps, ReplayLimits } from '../../../domain/replay/deps.ts';
import { failStep } from '../../../domain/replay/fail.ts';
import { outcomesStep } from '../../../domain/replay/outcomes.ts';
import type { Step } from '../../../domain/replay/ports.ts';
import { prepareStep } from '../../../domain/replay/prepare.ts';
import type { ExternalEventRecord } from '../../../domain/replay/record.ts';
import { executionName, type Replay } from '../../../domain/replay/replay.ts';
import { reportStep } from '../../../domain/replay/report.ts';
import { requeueStep } from '../../../domain/replay/requeue.ts';
import { firstStep, type NextStep } from '../../../domain/replay/steps.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { outageOf } from '../../fakes/outage.ts';
import { fakeOutboundQueue } from '../../fakes/outbound-queue.ts';
import { fakeReplayOutcomes, fakeReplays } from '../../fakes/replays.ts';
import { fakeSharedSchedule } from '../../fakes/shared-schedule.ts';
import { fakeVerdictFacts } from '../../fakes/verdict-facts.ts';

/** Distinct failed requests, a second apart, oldest first. */
export const someFailed = (
  count: number,
  overrides: (no: number) => Partial<FailedRequest> = () => ({}),
): FailedRequest[] =>
  Array.from({ length: count }, (_, no) => {
    const guid = `guid-${String(no).padStart(6, '0')}`;
    return aFailedRequest({
      guid,
      eventBody: JSON.stringify(aMessageRequest({ guid })),
      insertTs: new Date(BUILT_AT - count * 1000 + no * 1000).toISOString(),
      ...overrides(no),
    });
  });

/** What the worker does with a message that comes off the queue. */
type Fate = 'sent' | 'fails' | 'stays';

/** A replay's surroundings in memory, with a clock that only sleeping and waiting move. */
export function world(
  rows: readonly FailedRequest[],
  options: {
    readonly limits?: Partial<ReplayLimits>;
    readonly fate?: (request: MessageRequest) => Fate;
    readonly chooseSender?: ReplayDeps['chooseSender'];
    readonly eventTtlSeconds?: number;
  } = {},
) {
  const clock = fakeClock();
  const failedRequests = fakeFailedRequests(rows);
  const replays = fakeReplays();
  const queue = fakeOutboundQueue();
  const externalEvents: ExternalEventRecord[] = [];
  const deliveries = fakeDeliveries();
  const refusalRules = { refusalTtlSeconds: 2_592_000, clock };
  const optOuts = fakeOptOuts(refusalRules);
  const observe = fakeObserve();
  const started: { name: string; step: Step }[] = [];
  const starting = outageOf('step-functions');
  /** When each message was put on the queue, ms. */
  const queuedAt: number[] = [];
  /** Executions that ended by a Catch that itself failed, or were stopped from outside. */
  const dead = new Set<string>();
  let running: string | undefined;

  const schedule = fakeSharedSchedule();

  const deps: ReplayDeps = {
    replays,
    schedule,
    failedRequests,
    facts: fakeVerdictFacts(deliveries, optOuts),
    eventTtlSeconds: options.eventTtlSeconds ?? 0,
    holdMaxMs: 172_800_000,
    clock,
    queues: {
      messages: async (requests) => {
        const results = await queue.enqueueBatch(requests.map((request) => ({ request })));
        for (const result of results) if (result === 'enqueued') queuedAt.push(clock());
        return results;
      },
      externalEvents: async (events) => {
        externalEvents.push(...events);
        return events.map(() => 'enqueued' as const);
      },
    },
    outcomes: fakeReplayOutcomes(failedRequests),
    executions: {
      start: async (name, step) => {
        starting.check();
        if (!started.some((one) => one.name === name)) started.push({ name, step });
      },
      isRunning: async (name) =>
        name === running || (!dead.has(name) && started.some((one) => one.name === name)),
    },
    chooseSender: options.chooseSender ?? (() => undefined),
    limits: {
      maxRate: 200,
      sliceMs: 45_000,
      pollSeconds: 5,
      awaitSeconds: 600,
      maxTurns: 800,
      ...options.limits,
    },
    sleep: async (ms) => clock.advance(ms),
    observe,
  };

  /** The worker: takes what is on the queue and settles each request as `fate` says. */
  let taken = 0;
  const sent: MessageRequest[] = [];
  const claimed = new Set<string>();
  const work = async () => {
    for (const { request } of queue.messages.slice(taken)) {
      taken += 1;
      const claim = `${request.guid}#${request.replay?.no}`;
      const fate = options.fate?.(request) ?? 'sent';
      const row = await failedRequests.get(request.guid);
      if (row === undefined || fate === 'stays' || claimed.has(claim)) continue;
      claimed.add(claim);
      if (fate === 'sent') {
        sent.push(request);
        await failedRequests.swap(row, { ...row, status: 'resolved' });
      } else {
        const insertTs = new Date(clock()).toISOString();
        await failedRequests.swap(row, { ...row, status: 'failed', insertTs, errorCode: 'again' });
      }
    }
  };

  const tasks: Record<string, (step: Step, deps: ReplayDeps) => Promise<NextStep>> = {
    requeue: requeueStep,
    pace: requeueStep,
    outcomes: outcomesStep,
    await: outcomesStep,
    continue: continueStep,
    report: reportStep,
  };
  const trail: string[] = [];

  /** One task as the machine runs it: tried again, then caught. */
  const runTask = async (run: (step: Step, d: ReplayDeps) => Promise<NextStep>, step: Step) => {
    for (let tries = 0; ; tries++) {
      try {
        return await run(step, deps);
      } catch (error) {
        if (tries < 6) continue;
        const cause = JSON.stringify({
          errorMessage: error instanceof Error ? error.message : 'unknown',
        });
        return failStep({ ...step, error: { Error: 'Error', Cause: cause } }, deps);
      }
    }
  };

  return {
    clock,
    deps,
    failedRequests,
    replays,
    schedule,
    queue,
    externalEvents,
    deliveries,
    optOuts,
    refusalRules,
    observe,
    started,
    starting,
    queuedAt,
    dead,
    sent,
    trail,
    work,
    /** Puts a replay in place as `POST /replays` does. */
    begin: async (replay: Replay) => {
      await replays.insert(replay);
      await deps.executions.start(executionName(replay), firstStep(replay));
    },
    /** Runs executions to their end as the state machine does. `between` comes after every task. */
    run: async (between: (next: NextStep) => Promise<void> | void = () => {}) => {
      for (let no = 0; no < started.length; no++) {
        const execution = started[no];
        if (execution === undefined || dead.has(execution.name)) continue;
        running = execution.name;
        let next = await runTask(prepareStep, execution.step);
        trail.push(next.next);
        for (let turn = 0; next.next !== 'done'; turn += 1) {
          if (turn === 10_000) throw new Error('The replay does not end.');
          await work();
          await between(next);
          if (next.next === 'pace' || next.next === 'await') clock.advance(next.seconds * 1000);
          const run = tasks[next.next];
          if (run === undefined) throw new Error(`no task ${next.next}`);
          next = await runTask(run, next);
          trail.push(next.next);
        }
        await work();
        running = undefined;
        dead.add(execution.name);
      }
      const all = failedRequests.all();
      return {
        rows: all,
        by: (status: FailedRequest['status']) => all.filter((r) => r.status === status),
      };
    },
    replay: async (replayId = 'replay-1') => {
      const found = await replays.get(replayId);
      if (found === undefined) throw new Error(`no replay ${replayId}`);
      return found;
    },
  };
}
