import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Invoke } from '../../local/emulators/step-functions/execution.ts';
import { runExecution } from '../../local/emulators/step-functions/execution.ts';
import { noJournal } from '../../local/emulators/step-functions/journal.ts';
import { toMachine } from '../../local/emulators/step-functions/machine.ts';
import { aslProblems, machineSchema } from './asl-rules.ts';

const text = readFileSync(new URL('../../statemachines/release.asl.json', import.meta.url), 'utf8');
const definition = machineSchema.parse(JSON.parse(text));
const machine = toMachine('arn:aws:states:us-east-1:000000000000:stateMachine:release', definition);
const first = { runId: 'due', execution: 'one', turn: 0, passFrom: 0, cursor: '', seconds: 10 };
const payloadSchema = z.object({ cursor: z.string(), turn: z.number() });

/** Runs the machine on a task that answers so, one answer after the other; errors are thrown. */
async function run(...answers: readonly (object | 'throws')[]) {
  const asked: z.infer<typeof payloadSchema>[] = [];
  const left = [...answers];
  const invoke: Invoke = async (_name, payload) => {
    asked.push(payloadSchema.parse(payload));
    const answer = left.shift() ?? 'throws';
    return answer === 'throws'
      ? { error: { errorType: 'Unavailable', errorMessage: 'held is not available' } }
      : { payload: { ...first, seconds: 0, ...answer } };
  };
  const execution = runExecution(
    machine.definition,
    {
      kind: 'start',
      arn: 'arn',
      name: 'one',
      stateMachineArn: machine.arn,
      input: JSON.stringify(first),
      startedAt: 0,
    },
    {
      invoke,
      journal: noJournal,
      now: () => 0,
      waits: { waitTimeOverrides: { Wait: 0 }, retryIntervalOverrides: { Release: 0 } },
    },
  );
  await execution.over;
  const entered = execution.history.flatMap(({ type, state }) =>
    type.endsWith('StateEntered') && state !== undefined ? [state] : [],
  );
  return { asked, entered, status: execution.end?.status };
}

it('the release machine keeps to the rules for state machines', () => {
  expect(aslProblems(definition)).toEqual([]);
});

it('waits until workers have heard, releases in slices, and passes on how far it went', async () => {
  const { asked, entered, status } = await run(
    { next: 'release', cursor: 'here', turn: 1 },
    { next: 'wait', cursor: 'there', turn: 2 },
    { next: 'done', turn: 3 },
  );
  expect(entered.filter((state) => state !== 'Route')).toEqual([
    'Wait',
    'Release',
    'Release',
    'Wait',
    'Release',
    'Done',
  ]);
  expect(asked.map(({ cursor }) => cursor)).toEqual(['', 'here', 'there']);
  expect(status).toBe('SUCCEEDED');
});

it('runs a task again that fails, and gives up after six retries', async () => {
  expect((await run('throws', 'throws', { next: 'done' })).status).toBe('SUCCEEDED');
  const { asked, status } = await run();
  expect([asked.length, status]).toEqual([7, 'FAILED']);
});

it('fails on a step that it does not know', async () => {
  expect((await run({ next: 'elsewhere' })).status).toBe('FAILED');
});
