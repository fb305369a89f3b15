import { changeVisibilityOn, queueNameOf } from '../adapters/aws/change-visibility.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { FAILURE_ATTRIBUTE, RECORD_ID_ATTRIBUTE } from '../adapters/aws/dead-letters.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { optOuts } from '../adapters/aws/opt-outs.ts';
import { fullJitter } from '../domain/delivery/backoff.ts';
import { type DeadLetterDeps, keepDeadMessage } from '../domain/failed-requests/dead-letter.ts';
import { keepDeadEvent } from '../domain/feedback/dead-event.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { refusalRules } from './runtime/refusal-rules.ts';
import type { BatchProcessor } from './runtime/sqs-batch.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';

const observe = observation('dead-letter');

/** The dead-letter queues: the only way into FailedRequests. */
export const handler = sqsHandler(observe, wire);

/** The table takes so many writes at once from one invocation. */
const CONCURRENCY = 5;
const backoff = { baseSeconds: 5, maxSeconds: 300 };

function wire(): BatchProcessor {
  const config = readConfig('dead-letter');
  const sqs = sqsClient();
  const dynamo = documentClient();
  const deps: DeadLetterDeps = {
    failedRequests: failedRequests(dynamo, config.db_failed_requests_table),
    deliveries: deliveries(dynamo, config.db_deliveries_table),
    optOuts: optOuts(dynamo, config.db_opt_outs_table, refusalRules(config)),
    failedRequestTtlSeconds: config.failed_request_ttl,
    clock: Date.now,
    observe,
  };
  const keepers = new Map([
    [queueNameOf(config.outbound_dlq_url), keepDeadMessage],
    [queueNameOf(config.outbound_lanes_dlq_url), keepDeadMessage],
    [queueNameOf(config.ci360_events_dlq_url), keepDeadEvent],
  ]);

  return {
    concurrency: CONCURRENCY,
    handle: async ({ body, messageId, attributes, queue }) => {
      const letter = {
        body,
        messageId: attributes[RECORD_ID_ATTRIBUTE] ?? messageId,
        failure: attributes[FAILURE_ATTRIBUTE],
      };
      return (keepers.get(queue) ?? keepDeadMessage)(letter, deps);
    },
    hide: changeVisibilityOn(sqs, [
      config.outbound_dlq_url,
      config.outbound_lanes_dlq_url,
      config.ci360_events_dlq_url,
    ]),
    retrySeconds: (receiveCount) => fullJitter(backoff, receiveCount - 1, Math.random),
  };
}
