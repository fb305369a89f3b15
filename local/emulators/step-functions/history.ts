import type { StateMachine } from 'aws-local-stepfunctions';
import type { HistoryEvent } from './journal.ts';

type InterpreterEvent =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;
type Written = Omit<HistoryEvent, 'id' | 'at'>;

/**
 * Turns the interpreter's events into those that AWS would record, so that an execution's length can
 * be held against AWS's limit of 25,000. A task costs five events and three more for each retry.
 */
export function historyWriter(): (event: InterpreterEvent) => readonly Written[] {
  /** The task failed and was caught: it is left without having succeeded. */
  let caught = false;
  return (event) => {
    switch (event.type) {
      case 'StateEntered': {
        const entered = {
          type: `${event.state.type}StateEntered`,
          state: event.state.name,
          input: event.state.input,
        };
        return event.state.type === 'Task'
          ? [entered, { type: 'TaskScheduled' }, { type: 'TaskStarted' }]
          : [entered];
      }
      case 'StateFailed':
        return event.state.type === 'Task'
          ? [{ type: 'TaskFailed', error: event.Error, cause: String(event.Cause) }]
          : [];
      case 'StateRetried':
        return [{ type: 'TaskScheduled' }, { type: 'TaskStarted' }];
      case 'StateCaught':
        caught = true;
        return [];
      case 'StateExited': {
        const exited = {
          type: `${event.state.type}StateExited`,
          state: event.state.name,
          ...(event.state.output === undefined ? {} : { output: event.state.output }),
        };
        const succeeded = event.state.type === 'Task' && !caught;
        caught = false;
        return succeeded ? [{ type: 'TaskSucceeded' }, exited] : [exited];
      }
      case 'ExecutionStarted':
        return [{ type: 'ExecutionStarted', input: event.input }];
      case 'ExecutionSucceeded':
        return [{ type: 'ExecutionSucceeded', output: event.output }];
      case 'ExecutionFailed':
        return [{ type: 'ExecutionFailed', error: event.Error, cause: String(event.Cause) }];
      case 'ExecutionAborted':
        return [{ type: 'ExecutionAborted' }];
      case 'ExecutionTimeout':
        return [{ type: 'ExecutionTimedOut' }];
      default:
        // Map and Parallel: our machines have none, see the checks of statemachines/.
        return [];
    }
  };
}
