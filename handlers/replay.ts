import { setTimeout as sleep } from 'node:timers/promises';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sfnClient } from '../adapters/aws/clients/sfn.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { executions } from '../adapters/aws/executions.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { jsonQueue } from '../adapters/aws/json-queue.ts';
import { outboundQueue } from '../adapters/aws/outbound-queue.ts';
import { replayOutcomes, replays } from '../adapters/aws/replays.ts';
import { replaySchedule } from '../adapters/aws/shared-schedule.ts';
import { verdictFacts } from '../adapters/aws/verdict-facts.ts';
import { SECOND } from '../domain/clock.ts';
import { senderFromSettings } from '../domain/outbound/sender.ts';
import type { ReplayDeps } from '../domain/replay/deps.ts';
import type { ExternalEventRecord } from '../domain/replay/record.ts';
import { MAX_TURNS } from '../domain/replay/steps.ts';
import { runTask } from '../domain/replay/tasks.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { refusalRules } from './runtime/refusal-rules.ts';
import { senderSettings } from './runtime/sender-settings.ts';
import { taskHandler } from './runtime/task.ts';

const observe = observation('replay');

/** Every task of `statemachines/replay.asl.json` */
export const handler = taskHandler(observe, wire);

function wire() {
  const config = readConfig('replay');
  const settings = senderSettings(config);
  const tables = documentClient();
  const sqs = sqsClient();
  const outbound = outboundQueue(sqs, config.outbound_queue_url);
  const events = jsonQueue<ExternalEventRecord>(sqs, {
    url: config.ci360_events_queue_url,
    dependency: 'ci360-events-queue',
    groupOf: ({ tenantId }) => tenantId,
  });
  const deps: ReplayDeps = {
    replays: replays(tables, config.db_replays_table),
    schedule: replaySchedule(tables, config.db_replays_table),
    failedRequests: failedRequests(tables, config.db_failed_requests_table),
    facts: verdictFacts(
      tables,
      {
        deliveries: config.db_deliveries_table,
        optOuts: config.db_opt_outs_table,
      },
      refusalRules(config),
    ),
    outcomes: replayOutcomes(tables, config.db_failed_requests_table),
    executions: executions(sfnClient(), config.replay_machine_arn),
    queues: {
      messages: (requests) => outbound.enqueueBatch(requests.map((request) => ({ request }))),
      externalEvents: (records) => events.sendBatch(records.map((value) => ({ value }))),
    },
    chooseSender: (request) => senderFromSettings(request, settings),
    eventTtlSeconds: config.event_ttl,
    holdMaxMs: config.hold_max * SECOND,
    limits: {
      maxRate: config.replay_max_rate,
      sliceMs: config.replay_slice_seconds * SECOND,
      pollSeconds: config.replay_poll_seconds,
      awaitSeconds: config.replay_await_seconds,
      maxTurns: MAX_TURNS,
    },
    clock: Date.now,
    sleep: async (ms) => {
      await sleep(ms);
    },
    observe,
  };
  return (payload: unknown) => runTask(payload, deps);
}
