import { randomUUID } from 'node:crypto';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sfnClient } from '../adapters/aws/clients/sfn.ts';
import { executions } from '../adapters/aws/executions.ts';
import { heldMessages } from '../adapters/aws/held-messages.ts';
import { releaseRuns } from '../adapters/aws/release-runs.ts';
import { keepReleasing } from '../domain/campaigns/start-run.ts';
import { SECOND } from '../domain/clock.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { type ScheduledRun, scheduledHandler } from './runtime/scheduled.ts';

const observe = observation('release-schedule');

/** On a schedule: starts the release of what is due, and every release that ended before it was done. */
export const handler = scheduledHandler(observe, wire);

function wire(): ScheduledRun {
  const config = readConfig('release-schedule');
  const clock = Date.now;
  const tables = documentClient();
  const deps = {
    runs: releaseRuns(tables, config.db_held_table),
    held: heldMessages(tables, config.db_held_table, { clock }),
    releases: executions(sfnClient(), config.release_machine_arn),
    leaseMs: config.lease_seconds * SECOND,
    clock,
    newId: randomUUID,
    observe,
  };
  return () => keepReleasing(deps);
}
