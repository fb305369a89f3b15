import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ReplayDeps } from '../../domain/replay/deps.ts';
import { runTask } from '../../domain/replay/tasks.ts';
import { runExecution } from '../../local/emulators/step-functions/execution.ts';
import { noJournal } from '../../local/emulators/step-functions/journal.ts';
import { toMachine } from '../../local/emulators/step-functions/machine.ts';
import { aReplay } from '../builders/replay.ts';
import { someFailed, world } from '../domain/replay/replay-setup.ts';

const machine = toMachine(
  'arn:aws:states:us-east-1:000000000000:stateMachine:replay',
  JSON.parse(readFileSync(new URL('../../statemachines/replay.asl.json', import.meta.url), 'utf8')),
);

/** Counts calls to AWS as the adapters make them: 100 keys a batch read, 10 messages a batch send. */
function counting(deps: ReplayDeps) {
  const calls = { reads: 0, writes: 0, queries: 0, sends: 0 };
  const counted: ReplayDeps = {
    ...deps,
    replays: {
      ...deps.replays,
      get: (id) => {
        calls.reads += 1;
        return deps.replays.get(id);
      },
      swap: (next) => {
        calls.writes += 1;
        return deps.replays.swap(next);
      },
    },
    schedule: {
      reserve: (slot) => {
        calls.writes += 1;
        return deps.schedule.reserve(slot);
      },
    },
    failedRequests: {
      getMany: (guids) => {
        calls.reads += Math.ceil(guids.length / 100);
        return deps.failedRequests.getMany(guids);
      },
      swap: (previous, next) => {
        calls.writes += 1;
        return deps.failedRequests.swap(previous, next);
      },
      list: (query, page) => {
        calls.queries += 1;
        return deps.failedRequests.list(query, page);
      },
    },
    facts: {
      deliveries: (ids) => {
        calls.reads += Math.ceil(ids.length / 100);
        return deps.facts.deliveries(ids);
      },
      optedOut: (people) => {
        calls.reads += Math.ceil(people.length / 100);
        return deps.facts.optedOut(people);
      },
    },
    outcomes: {
      count: (id) => {
        calls.queries += 2;
        return deps.outcomes.count(id);
      },
      isUnderWay: (replay) => {
        calls.queries += 1;
        return deps.outcomes.isUnderWay(replay);
      },
    },
    queues: {
      ...deps.queues,
      messages: (requests) => {
        calls.sends += Math.ceil(requests.length / 10);
        return deps.queues.messages(requests);
      },
    },
  };
  return { calls, counted };
}

it('replays 1,000 requests at 50 a second with the transitions and calls that the README states', async () => {
  const w = world(someFailed(1000), { limits: { pollSeconds: 15 } });
  await w.begin(
    aReplay({
      options: {
        rate: 50,
        canary: 0,
        maxFailureRate: 0.5,
        ignoreTtl: false,
        includePermanent: false,
        sendInDoubt: false,
        ignoreWindow: false,
      },
    }),
  );
  const { calls, counted } = counting(w.deps);
  const execution = runExecution(
    machine.definition,
    {
      kind: 'start',
      arn: 'arn',
      name: 'one',
      stateMachineArn: machine.arn,
      input: JSON.stringify({ replayId: 'replay-1', generation: 1, turn: 0 }),
      startedAt: 0,
    },
    {
      invoke: async (_name, payload) => {
        const next = await runTask(payload, counted);
        await w.work();
        return { payload: next };
      },
      journal: noJournal,
      now: () => 0,
      waits: { waitTimeOverrides: { 'Await outcomes': 0, Pace: 0 } },
    },
  );
  await execution.over;
  expect(w.sent).toHaveLength(1000);
  const transitions = execution.history.filter(({ type }) => type.endsWith('StateEntered')).length;
  expect({ transitions, ...calls }).toEqual({
    transitions: 9,
    reads: 304,
    writes: 1219,
    queries: 24,
    sends: 100,
  });
  expect(execution.history.length).toBeLessThan(100);
});
