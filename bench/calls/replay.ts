import { setTimeout as wait } from 'node:timers/promises';
import { GetExecutionHistoryCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { localKeys } from '../../local/secrets.ts';
import { region } from '../../local/template/intrinsics.ts';
import type { MeasuredStack } from './measured-stack.ts';
import { tenantId } from './post-events.ts';
import type { Pumped } from './queue-pump.ts';

export type Replayed = {
  readonly worker: Pumped;
  /** Invocations of the replay's own function. */
  readonly tasks: number;
  /** State transitions that AWS would bill. */
  readonly transitions: number;
};

const startedSchema = z.looseObject({ replayId: z.string() });

/** Replays everything that failed for its configuration, and works on the queue until the replay is over. */
export async function runReplay({ stack, pump, tables }: MeasuredStack): Promise<Replayed> {
  const answer = await fetch(`${stack.url}/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': localKeys.operator },
    body: JSON.stringify({ tenantId, class: 'config', rate: 300 }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { replayId } = startedSchema.parse(await answer.json());

  const worker = { invocations: 0, messages: 0 };
  for (;;) {
    const more = await pump.run('worker');
    worker.invocations += more.invocations;
    worker.messages += more.messages;
    const replay = await tables.get(stack.settings.db_replays_table ?? '', replayId);
    const status = replay?.status;
    if (status && 'S' in status && status.S === 'completed') break;
    if (status && 'S' in status && status.S !== 'running') throw new Error(`It is ${status.S}.`);
    await wait(100);
  }
  return { worker, ...(await historyOf(stack)) };
}

/** The latest execution of the state machine. */
async function historyOf({ awsEnv, settings }: MeasuredStack['stack']) {
  const client = new SFNClient({
    region,
    endpoint: awsEnv.AWS_ENDPOINT_URL_SFN ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: settings.replay_machine_arn }),
    );
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn: executions[0]?.executionArn }),
    );
    const count = (form: RegExp) => events.filter(({ type }) => form.test(type ?? '')).length;
    return { tasks: count(/^TaskScheduled$/), transitions: count(/StateEntered$/) };
  } finally {
    client.destroy();
  }
}
