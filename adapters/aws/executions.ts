import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions } from '../../domain/executions.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'step-functions';

/** Executions of the state machine `machineArn`. */
export function executions<Step extends object>(
  client: SFNClient,
  machineArn: string,
): Executions<Step> {
  const arnOf = (name: string) => `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    start: (name, step) =>
      orUnavailable(dependency, async () => {
        try {
          await client.send(
            new StartExecutionCommand({
              stateMachineArn: machineArn,
              name,
              input: JSON.stringify(step),
            }),
          );
        } catch (error) {
          if (!(error instanceof ExecutionAlreadyExists)) throw error;
        }
      }),
    isRunning: (name) =>
      orUnavailable(dependency, async () => {
        try {
          const { status } = await client.send(
            new DescribeExecutionCommand({ executionArn: arnOf(name) }),
          );
          return status === 'RUNNING';
        } catch (error) {
          if (error instanceof ExecutionDoesNotExist) return false;
          throw error;
        }
      }),
  };
}
