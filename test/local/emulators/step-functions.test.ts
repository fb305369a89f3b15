import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from 'vitest';
import type { Invoke } from '../../../local/emulators/step-functions/execution.ts';
import { toMachine } from '../../../local/emulators/step-functions/machine.ts';
import { type StepFunctions, startStepFunctions } from '../../../local/emulators/step-functions.ts';

const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:two-tasks';
const task = (name: string, next: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, 'Payload.$': '$' },
  OutputPath: '$.Payload',
  Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2, IntervalSeconds: 1 }],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Sorry' }],
  ...next,
});
const machines = [
  toMachine(arn, {
    StartAt: 'First',
    States: {
      First: task('first', { Next: 'Second' }),
      Second: task('second', { End: true }),
      Sorry: { Type: 'Fail', Error: 'Sorry' },
    },
  }),
];
const waits = { retryIntervalOverrides: { First: 0, Second: 0 } };

const running: StepFunctions[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const stack of running.splice(0)) await stack.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});
function aDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'sfn-'));
  directories.push(directory);
  return directory;
}
async function start(invoke: Invoke, dataDir?: string) {
  const stack = await startStepFunctions({ machines, invoke, waits, dataDir });
  running.push(stack);
  const client = new SFNClient({
    endpoint: stack.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return { stack, client };
}
const echo: Invoke = async (name, payload) => ({
  payload: { ...(typeof payload === 'object' ? payload : {}), [name]: true },
});

test('an execution runs its tasks in order and ends with the output of the last', async () => {
  const { stack, client } = await start(echo);
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name: 'one', input: '{"a":1}' }),
  );
  await stack.over(executionArn);
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(described).toMatchObject({ status: 'SUCCEEDED', name: 'one' });
  expect(JSON.parse(described.output ?? '')).toEqual({ a: 1, first: true, second: true });
});

test('the history has the events that AWS would record', async () => {
  const { stack, client } = await start(echo);
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, input: '{}' }),
  );
  await stack.over(executionArn);
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  const oneTask = [
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
  ];
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    ...oneTask,
    ...oneTask,
    'ExecutionSucceeded',
  ]);
});

test('a task is retried under the error name of its function, then caught', async () => {
  const calls: string[] = [];
  const { stack, client } = await start(async (name) => {
    calls.push(name);
    return { error: { errorType: 'Busy', errorMessage: 'later' } };
  });
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, input: '{}' }),
  );
  await stack.over(executionArn);
  expect(calls).toEqual(['first', 'first', 'first']);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'FAILED',
    error: 'Sorry',
  });
});

test('the same name and input is the same execution while it runs, and refused with another input', async () => {
  const { client } = await start(() => new Promise(() => undefined));
  const first = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name: 'one', input: '{}' }),
  );
  const again = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name: 'one', input: '{}' }),
  );
  expect(again.executionArn).toBe(first.executionArn);
  await expect(
    client.send(new StartExecutionCommand({ stateMachineArn: arn, name: 'one', input: '{"b":2}' })),
  ).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});

test('a stopped execution is aborted and starts no further task', async () => {
  let release: (answer: { payload: object }) => void = () => undefined;
  const calls: string[] = [];
  const entered = Promise.withResolvers<void>();
  const { stack, client } = await start((name) => {
    calls.push(name);
    entered.resolve();
    return new Promise((resolve) => {
      release = resolve;
    });
  });
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, input: '{}' }),
  );
  await entered.promise;
  await client.send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
  release({ payload: {} });
  await stack.over(executionArn);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'ABORTED',
    cause: 'enough',
  });
  expect(calls).toEqual(['first']);
  const { executions = [] } = await client.send(
    new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: 'ABORTED' }),
  );
  expect(executions).toHaveLength(1);
});

test('an execution goes on with its last state after the process was killed, and what ended stays ended', async () => {
  const dataDir = aDirectory();
  const entered = Promise.withResolvers<void>();
  const before = await start((name, payload) => {
    if (name === 'first') return echo(name, payload);
    entered.resolve();
    return new Promise(() => undefined);
  }, dataDir);
  const { executionArn = '' } = await before.client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name: 'one', input: '{"a":1}' }),
  );
  await entered.promise;
  await before.stack.close();

  const calls: string[] = [];
  const after = await start((name, payload) => {
    calls.push(name);
    return echo(name, payload);
  }, dataDir);
  await after.stack.over(executionArn);
  expect(calls).toEqual(['second']);
  const described = await after.client.send(new DescribeExecutionCommand({ executionArn }));
  expect(JSON.parse(described.output ?? '')).toEqual({ a: 1, first: true, second: true });
  await after.stack.close();

  const { stack, client } = await start(echo, dataDir);
  await stack.over(executionArn);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
  });
});

test('what is not known is answered with the errors of the SDK', async () => {
  const { client } = await start(echo);
  await expect(
    client.send(new DescribeExecutionCommand({ executionArn: 'arn:nothing' })),
  ).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  await expect(
    client.send(new StartExecutionCommand({ stateMachineArn: 'arn:nothing', input: '{}' })),
  ).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  await expect(
    client.send(new StartExecutionCommand({ stateMachineArn: arn, name: 'a b' })),
  ).rejects.toMatchObject({ name: 'InvalidName' });
});

test('a definition that cannot run is refused at once', () => {
  expect(() => toMachine(arn, { StartAt: 'Nowhere', States: {} })).toThrow();
  expect(() => toMachine(arn, 'not a definition')).toThrow(/not a state machine/);
});
