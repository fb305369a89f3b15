import * as z from 'zod';
import { type Execution, type Invoke, runExecution, type Waits } from './execution.ts';
import type { ExecutionEnd, ExecutionStart, HistoryEvent, Journal } from './journal.ts';
import type { Machine } from './machine.ts';

/** An error as the AWS JSON protocol carries it. */
export class ProtocolError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const startInput = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().default('{}'),
});
const executionInput = z.object({ executionArn: z.string() });
const stopInput = executionInput.extend({
  error: z.string().optional(),
  cause: z.string().optional(),
});
const listInput = z.object({
  stateMachineArn: z.string(),
  statusFilter: z.string().optional(),
  maxResults: z.number().int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
});
const historyInput = executionInput.extend({
  maxResults: z.number().int().min(0).max(1000).optional(),
  nextToken: z.string().optional(),
  reverseOrder: z.boolean().optional(),
});

const seconds = (ms: number) => ms / 1000;

function asDescription(execution: Execution) {
  const { start, end } = execution;
  return {
    executionArn: start.arn,
    stateMachineArn: start.stateMachineArn,
    name: start.name,
    status: end?.status ?? 'RUNNING',
    startDate: seconds(start.startedAt),
    ...(end === undefined ? {} : { stopDate: seconds(end.stoppedAt) }),
  };
}

const ends = (end: ExecutionEnd | undefined) => ({
  ...(end?.output === undefined ? {} : { output: end.output }),
  ...(end?.error === undefined ? {} : { error: end.error }),
  ...(end?.cause === undefined ? {} : { cause: end.cause }),
});

function asHistoryEvent(event: HistoryEvent) {
  const base = {
    id: event.id,
    previousEventId: event.id - 1,
    timestamp: seconds(event.at),
    type: event.type,
  };
  const text = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  if (event.type.endsWith('StateEntered')) {
    return { ...base, stateEnteredEventDetails: { name: event.state, input: text(event.input) } };
  }
  if (event.type.endsWith('StateExited')) {
    return { ...base, stateExitedEventDetails: { name: event.state, output: text(event.output) } };
  }
  const failed = { error: event.error, cause: event.cause };
  if (event.type === 'TaskFailed') {
    return {
      ...base,
      taskFailedEventDetails: { resourceType: 'lambda', resource: 'invoke', ...failed },
    };
  }
  if (event.type === 'ExecutionFailed') return { ...base, executionFailedEventDetails: failed };
  if (event.type === 'ExecutionStarted') {
    return { ...base, executionStartedEventDetails: { input: text(event.input) } };
  }
  return base;
}

/** One page of a list; the token is the index at which the next one starts. */
function paged<T>(all: readonly T[], maxResults = 0, nextToken = '0') {
  const from = Number(nextToken);
  const to = from + (maxResults === 0 ? 100 : maxResults);
  return { items: all.slice(from, to), ...(to < all.length ? { nextToken: String(to) } : {}) };
}

/** The operations of the Step Functions API that we and our operators use, by name. */
export function stepFunctionsApi(deps: {
  readonly machines: readonly Machine[];
  readonly invoke: Invoke;
  readonly journal: Journal;
  readonly now: () => number;
  readonly newId: () => string;
  readonly waits?: Waits | undefined;
}) {
  const executions = new Map<string, Execution>();

  const machineOf = (arn: string) => {
    const machine = deps.machines.find((candidate) => candidate.arn === arn);
    if (machine === undefined) {
      throw new ProtocolError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    }
    return machine;
  };
  const executionOf = (arn: string) => {
    const execution = executions.get(arn);
    if (execution === undefined) {
      throw new ProtocolError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    }
    return execution;
  };
  const begin = (start: ExecutionStart, history?: HistoryEvent[]) => {
    const { definition } = machineOf(start.stateMachineArn);
    executions.set(start.arn, runExecution(definition, start, deps, history));
  };

  /** Takes up what an earlier process left: what ended is listed, what ran goes on. */
  for (const lines of deps.journal.readAll()) {
    const start = lines.find((line) => line.kind === 'start');
    if (start === undefined) continue;
    if (!deps.machines.some(({ arn }) => arn === start.stateMachineArn)) continue;
    const end = lines.find((line) => line.kind === 'end');
    const history = lines.flatMap((line) => (line.kind === 'event' ? [line.event] : []));
    if (end === undefined) begin(start, history);
    else {
      executions.set(start.arn, {
        start,
        history,
        end,
        stop: () => undefined,
        suspend: () => undefined,
        over: Promise.resolve(),
      });
    }
  }

  const operations: Record<string, (input: unknown) => object> = {
    StartExecution: (raw) => {
      const { stateMachineArn, name = deps.newId(), input } = startInput.parse(raw);
      const machine = machineOf(stateMachineArn);
      if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
        throw new ProtocolError('InvalidName', `Invalid Name: '${name}'`);
      }
      try {
        JSON.parse(input);
      } catch {
        throw new ProtocolError('InvalidExecutionInput', 'The input is not JSON');
      }
      const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
      const present = executions.get(arn);
      if (present !== undefined) {
        // As on AWS: the same name and input while it runs is the same execution.
        if (present.end === undefined && present.start.input === input) {
          return { executionArn: arn, startDate: seconds(present.start.startedAt) };
        }
        throw new ProtocolError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      const start: ExecutionStart = {
        kind: 'start',
        arn,
        name,
        stateMachineArn,
        input,
        startedAt: deps.now(),
      };
      deps.journal.append(name, start);
      begin(start);
      return { executionArn: arn, startDate: seconds(start.startedAt) };
    },
    DescribeExecution: (raw) => {
      const execution = executionOf(executionInput.parse(raw).executionArn);
      return {
        ...asDescription(execution),
        input: execution.start.input,
        ...ends(execution.end),
      };
    },
    StopExecution: (raw) => {
      const { executionArn, error, cause } = stopInput.parse(raw);
      const execution = executionOf(executionArn);
      execution.stop(error, cause);
      return { stopDate: seconds(execution.end?.stoppedAt ?? deps.now()) };
    },
    ListExecutions: (raw) => {
      const query = listInput.parse(raw);
      machineOf(query.stateMachineArn);
      const found = [...executions.values()]
        .filter(({ start }) => start.stateMachineArn === query.stateMachineArn)
        .map(asDescription)
        .filter(({ status }) => query.statusFilter === undefined || status === query.statusFilter)
        .sort((a, b) => b.startDate - a.startDate);
      const { items, ...rest } = paged(found, query.maxResults, query.nextToken);
      return { executions: items, ...rest };
    },
    GetExecutionHistory: (raw) => {
      const query = historyInput.parse(raw);
      const all = executionOf(query.executionArn).history.map(asHistoryEvent);
      const { items, ...rest } = paged(
        query.reverseOrder === true ? all.reverse() : all,
        query.maxResults,
        query.nextToken,
      );
      return { events: items, ...rest };
    },
  };
  return {
    operations,
    /** Leaves running executions to the next start of the stack. */
    suspend: () => {
      for (const execution of executions.values()) execution.suspend();
    },
    /** Resolves when the execution has ended; for tests. */
    over: (executionArn: string) => executionOf(executionArn).over,
  };
}
