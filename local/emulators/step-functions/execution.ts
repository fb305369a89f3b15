import {
  ExecutionError,
  type RunOptions,
  StateMachine,
  type StateMachineDefinition,
} from 'aws-local-stepfunctions';
import { historyWriter } from './history.ts';
import type { ExecutionEnd, ExecutionStart, HistoryEvent, Journal } from './journal.ts';

/** AWS ends an execution that would record more events, or hands a state more than this. */
const MAX_EVENTS = 25_000;
const MAX_PAYLOAD_BYTES = 256 * 1024;

/** What a function answered; an `error` carries the name that `Retry` and `Catch` look for. */
export type InvokeAnswer =
  | { readonly payload: unknown }
  | { readonly error: { readonly errorType: string; readonly errorMessage: string } };

/** Calls a function by its name or ARN, as Lambda's Invoke does. */
export type Invoke = (functionName: string, payload: unknown) => Promise<InvokeAnswer>;

type Json = Parameters<StateMachine['run']>[0];

export type Execution = {
  readonly start: ExecutionStart;
  readonly history: HistoryEvent[];
  end: ExecutionEnd | undefined;
  /** Ends it as StopExecution does. */
  stop: (error: string | undefined, cause: string | undefined) => void;
  /** Leaves it where it is, to be resumed by the next start of the stack. */
  suspend: () => void;
  /** Resolves when it has ended or was suspended. */
  over: Promise<void>;
};

/** A task's failure under the name that Lambda gives it. */
function taskError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function tooLarge(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value) ?? '') > MAX_PAYLOAD_BYTES;
}

/** The override that makes a Task state call its function through `invoke`, as `lambda:invoke` would. */
function taskHandler(invoke: Invoke) {
  return async (input: Json): Promise<Json> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw taskError('States.Runtime', 'lambda:invoke needs Parameters');
    }
    const name = input.FunctionName;
    if (typeof name !== 'string') throw taskError('States.Runtime', 'FunctionName is missing');
    if (tooLarge(input)) throw taskError('States.DataLimitExceeded', 'The input is too large');
    const answer = await invoke(name, input.Payload ?? {});
    if ('error' in answer) {
      throw taskError(
        answer.error.errorType,
        JSON.stringify({
          errorType: answer.error.errorType,
          errorMessage: answer.error.errorMessage,
        }),
      );
    }
    if (tooLarge(answer.payload)) {
      throw taskError('States.DataLimitExceeded', 'The result is too large');
    }
    const payload: Json = JSON.parse(JSON.stringify(answer.payload ?? null));
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload };
  };
}

/** Waits that tests shorten, by state name, in ms. */
export type Waits = Pick<
  NonNullable<RunOptions['overrides']>,
  'waitTimeOverrides' | 'retryIntervalOverrides'
>;

/**
 * Runs a machine from its start, or from the state that `history` entered last: that state then runs
 * once more, as a task on AWS may.
 */
export function runExecution(
  definition: StateMachineDefinition,
  start: ExecutionStart,
  deps: { invoke: Invoke; journal: Journal; now: () => number; waits?: Waits | undefined },
  history: HistoryEvent[] = [],
): Execution {
  const left = history.findLast(
    ({ type, state }) =>
      type.endsWith('StateEntered') && state !== undefined && state in definition.States,
  );
  const machine = new StateMachine(
    left?.state === undefined ? definition : { ...definition, StartAt: left.state },
    // Checked by `toMachine`; seen from a later state, earlier ones would count as unreachable.
    { validationOptions: { noValidate: true } },
  );
  const handler = taskHandler(deps.invoke);
  const run = machine.run(left?.input ?? JSON.parse(start.input), {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        Object.entries(definition.States)
          .filter(([, state]) => state.Type === 'Task')
          .map(([name]) => [name, handler]),
      ),
      ...deps.waits,
    },
  });

  let suspended = false;
  const end = (ended: Omit<ExecutionEnd, 'kind' | 'stoppedAt'>) => {
    if (execution.end !== undefined || suspended) return;
    execution.end = { kind: 'end', stoppedAt: deps.now(), ...ended };
    deps.journal.append(start.name, execution.end);
  };
  const record = async () => {
    const write = historyWriter();
    // A resumed execution has recorded its start and the state that it goes on with.
    let skip = left === undefined ? 0 : 2;
    for await (const event of run.eventLogs) {
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      for (const written of write(event)) {
        if (execution.end !== undefined || suspended) return;
        const entry = { id: execution.history.length + 1, at: deps.now(), ...written };
        execution.history.push(entry);
        deps.journal.append(start.name, { kind: 'event', event: entry });
        if (execution.history.length >= MAX_EVENTS) {
          end({
            status: 'FAILED',
            error: 'States.Runtime',
            cause: 'The execution reached the maximum number of history events (25000).',
          });
          run.abort();
          return;
        }
      }
    }
  };
  const recorded = record();
  const settled = run.result.then(
    async (output) => {
      await recorded;
      end({ status: 'SUCCEEDED', output: JSON.stringify(output) });
    },
    async (error: unknown) => {
      await recorded;
      const failed = execution.history.findLast(({ type }) => type === 'ExecutionFailed');
      end({
        status: error instanceof ExecutionError ? 'FAILED' : 'TIMED_OUT',
        error: failed?.error ?? 'States.Timeout',
        cause: failed?.cause ?? '',
      });
    },
  );
  const execution: Execution = {
    start,
    history,
    end: undefined,
    stop: (error, cause) => {
      if (execution.end !== undefined) return;
      execution.history.push({ id: history.length + 1, at: deps.now(), type: 'ExecutionAborted' });
      end({
        status: 'ABORTED',
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
      run.abort();
    },
    suspend: () => {
      suspended = true;
      run.abort();
    },
    over: settled,
  };
  return execution;
}
