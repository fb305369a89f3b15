import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { MAX_TURNS } from '../../domain/replay/steps.ts';
import { runTask } from '../../domain/replay/tasks.ts';
import type { Invoke } from '../../local/emulators/step-functions/execution.ts';
import { runExecution } from '../../local/emulators/step-functions/execution.ts';
import { noJournal } from '../../local/emulators/step-functions/journal.ts';
import { toMachine } from '../../local/emulators/step-functions/machine.ts';
import { aReplay } from '../builders/replay.ts';
import { someFailed, world } from '../domain/replay/replay-setup.ts';
import { aslProblems, machineSchema } from './asl-rules.ts';

const text = readFileSync(new URL('../../statemachines/replay.asl.json', import.meta.url), 'utf8');
const definition = machineSchema.parse(JSON.parse(text));
const machine = toMachine('arn:aws:states:us-east-1:000000000000:stateMachine:replay', definition);
const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');
const choiceSchema = z.object({ Choices: z.array(z.object({ StringEquals: z.string() })) });
const waits = {
  waitTimeOverrides: { Pace: 0, 'Await outcomes': 0 },
  retryIntervalOverrides: Object.fromEntries(tasks.map(([name]) => [name, 0])),
};

/** Runs the machine to its end on the functions given; `entered` are the states in order. */
async function run(invoke: Invoke, input: object = { replayId: 'r', generation: 1, turn: 0 }) {
  const execution = runExecution(
    machine.definition,
    {
      kind: 'start',
      arn: 'arn',
      name: 'one',
      stateMachineArn: machine.arn,
      input: JSON.stringify(input),
      startedAt: 0,
    },
    { invoke, journal: noJournal, now: () => 0, waits },
  );
  await execution.over;
  const entered = execution.history.flatMap(({ type, state }) =>
    type.endsWith('StateEntered') && state !== undefined ? [state] : [],
  );
  return { execution, entered, events: execution.history.map(({ type }) => type) };
}

/** Functions that answer with the steps given, one after the other, whatever they are asked. */
function script(...nexts: readonly (string | Error)[]): Invoke & { readonly asked: string[] } {
  const asked: string[] = [];
  let at = 0;
  const invoke: Invoke = async (_name, payload) => {
    asked.push(JSON.stringify(payload));
    const next = nexts[at++];
    if (next instanceof Error) {
      return { error: { errorType: next.name, errorMessage: next.message } };
    }
    return { payload: { replayId: 'r', generation: 1, turn: at, next, seconds: 0 } };
  };
  return Object.assign(invoke, { asked });
}

describe('the rules for state machines', () => {
  it('are kept by the replay machine', () => {
    expect(aslProblems(definition)).toEqual([]);
  });

  const withState = (state: object) =>
    machineSchema.parse({
      StartAt: 'A',
      States: { A: { ...state, End: true } },
    });
  it.each([
    [
      'an unknown target',
      machineSchema.parse({ StartAt: 'B', States: { A: { Type: 'Succeed' } } }),
    ],
    ['JSONata', withState({ Type: 'Pass', QueryLanguage: 'JSONata' })],
    ['Assign', withState({ Type: 'Pass', Assign: { a: 1 } })],
    ['an expression', withState({ Type: 'Pass', Result: { a: '{% $b %}' } })],
    [
      'a Map',
      withState({
        Type: 'Map',
        ItemProcessor: { StartAt: 'X', States: { X: { Type: 'Pass', End: true } } },
      }),
    ],
    [
      'a task without limit, retry or catch',
      withState({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' }),
    ],
  ])('refuse %s', (_what, given) => {
    expect(aslProblems(given)).not.toEqual([]);
  });
});

describe('the replay machine', () => {
  const routes = {
    requeue: ['Requeue'],
    pace: ['Pace', 'Requeue'],
    outcomes: ['Count outcomes'],
    await: ['Await outcomes', 'Count outcomes'],
    continue: ['Continue'],
    report: ['Report'],
    done: [],
  };

  it.each(Object.entries(routes))('goes on with %s', async (next, states) => {
    const { execution, entered } = await run(script(next, 'done'));
    const goesOn = states.length > 0 ? ['Route', ...states, 'Route'] : ['Route'];
    expect(entered).toEqual(['Prepare', ...goesOn, 'Done']);
    expect(execution.end?.status).toBe('SUCCEEDED');
  });

  it('ends when a task answers with a step that it does not know', async () => {
    const { execution, entered } = await run(script('dance'));
    expect(entered).toEqual(['Prepare', 'Route', 'Unknown step']);
    expect(execution.end).toMatchObject({ status: 'FAILED', error: 'UnknownStep' });
  });

  const before: Record<string, string[]> = {
    Prepare: [],
    Requeue: ['requeue'],
    'Count outcomes': ['outcomes'],
    Continue: ['continue'],
    Report: ['report'],
  };
  it.each(Object.keys(before))('records the failure of %s after its retries', async (name) => {
    const gone = Object.assign(new Error('replays is not available'), { name: 'Unavailable' });
    const tries = Array.from({ length: 7 }, () => gone);
    const invoke = script(...(before[name] ?? []), ...tries, 'done');
    const { execution, entered } = await run(invoke);
    expect(entered.slice(-3)).toEqual([name, 'Record failure', 'Failed']);
    expect(execution.end).toMatchObject({ status: 'FAILED', error: 'ReplayFailed' });
    const last: unknown = JSON.parse(invoke.asked.at(-1) ?? '');
    expect(last).toMatchObject({
      task: 'fail',
      replayId: 'r',
      generation: 1,
      error: { Error: 'Unavailable', Cause: expect.stringContaining('replays is not available') },
    });
  });

  it('goes on when a task fails and succeeds at a retry', async () => {
    const { execution } = await run(script('requeue', new Error('once'), 'report', 'done'));
    expect(execution.end?.status).toBe('SUCCEEDED');
  });

  test('every state has been entered by the tests above', () => {
    const named = [...Object.values(routes).flat(), ...Object.keys(before)];
    const always = ['Prepare', 'Route', 'Done', 'Unknown step', 'Record failure', 'Failed'];
    expect(new Set([...named, ...always])).toEqual(new Set(Object.keys(definition.States)));
    const { Choices } = choiceSchema.parse(definition.States.Route);
    expect(Choices.map(({ StringEquals }) => StringEquals).sort()).toEqual(
      Object.keys(routes).sort(),
    );
  });

  it('stays within the history of an execution when every task needs all its retries', async () => {
    const turn = [...Array.from({ length: 6 }, () => new Error('again')), 'pace'];
    const { events } = await run(script('pace', ...turn, ...turn, 'done'));
    const shorter = await run(script('pace', ...turn, 'done'));
    const perTurn = events.length - shorter.events.length;
    expect(perTurn * MAX_TURNS + 50).toBeLessThan(25_000);
  });

  it('replays with the real tasks', async () => {
    const w = world(someFailed(60), { limits: { sliceMs: 400 } });
    await w.begin(
      aReplay({
        options: {
          rate: 50,
          canary: 10,
          maxFailureRate: 0.1,
          ignoreTtl: false,
          includePermanent: false,
          sendInDoubt: false,
          ignoreWindow: false,
        },
      }),
    );
    const { entered } = await run(
      async (_name, payload) => {
        const next = await runTask(payload, w.deps);
        await w.work();
        if (next.next === 'await') w.clock.advance(next.seconds * 1000);
        return { payload: next };
      },
      { replayId: 'replay-1', generation: 1, turn: 0 },
    );
    expect(entered).toContain('Count outcomes');
    expect(entered.slice(-3)).toEqual(['Report', 'Route', 'Done']);
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 60 });
    expect(w.sent).toHaveLength(60);
  });
});
