import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { controls } from '../adapters/aws/controls.ts';
import { heldMessages } from '../adapters/aws/held-messages.ts';
import { outboundQueue } from '../adapters/aws/outbound-queue.ts';
import { releaseRuns, releaseSchedule } from '../adapters/aws/release-runs.ts';
import { type ReleaseDeps, releaseStep } from '../domain/campaigns/release.ts';
import { stepSchema } from '../domain/campaigns/run.ts';
import { SECOND } from '../domain/clock.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { taskHandler } from './runtime/task.ts';

const observe = observation('release');

/** The task of `statemachines/release.asl.json` */
export const handler = taskHandler(observe, wire);

/** A task works for so long before the machine takes a turn; its function has as long again. */
const SLICE_MS = 45 * SECOND;
/** AWS ends an execution at 25,000 history events; a turn with all its retries records 27. */
const MAX_TURNS = 800;

function wire() {
  const config = readConfig('release');
  const clock = Date.now;
  const tables = documentClient();
  const queue = outboundQueue(sqsClient(), config.outbound_queue_url);
  const deps: ReleaseDeps = {
    runs: releaseRuns(tables, config.db_held_table),
    held: heldMessages(tables, config.db_held_table, { clock }),
    controls: controls(tables, config.db_controls_table).ofTenant,
    queue: (requests) => queue.enqueueBatch(requests.map((request) => ({ request }))),
    schedule: releaseSchedule(tables, config.db_held_table),
    limits: { maxRate: config.release_max_rate, sliceMs: SLICE_MS, maxTurns: MAX_TURNS },
    clock,
    sleep: async (ms) => {
      await sleep(ms);
    },
    observe,
  };
  return (payload: unknown) => releaseStep(stepSchema.parse(payload), deps);
}
