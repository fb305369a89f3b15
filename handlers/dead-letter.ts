import { changeVisibility } from '../adapters/aws/change-visibility.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { FAILURE_ATTRIBUTE, RECORD_ID_ATTRIBUTE } from '../adapters/aws/dead-letters.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { fullJitter } from '../domain/delivery/backoff.ts';
import { type DeadLetterDeps, keepDeadMessage } from '../domain/failed-requests/dead-letter.ts';
import { keepDeadEvent } from '../domain/feedback/dead-event.ts';
import { readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
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
    failedRequestTtlSeconds: config.failed_request_ttl,
    clock: Date.now,
    observe,
  };
  const nameOf = (url: string): string => url.split('/').at(-1) ?? '';
  const queues = new Map([
    [
      nameOf(config.outbound_dlq_url),
      { hide: changeVisibility(sqs, config.outbound_dlq_url), keep: keepDeadMessage },
    ],
    [
      nameOf(config.ci360_events_dlq_url),
      { hide: changeVisibility(sqs, config.ci360_events_dlq_url), keep: keepDeadEvent },
    ],
  ]);

  return {
    concurrency: CONCURRENCY,
    handle: async ({ body, messageId, attributes, queue }) => {
      const letter = {
        body,
        messageId: attributes[RECORD_ID_ATTRIBUTE] ?? messageId,
        failure: attributes[FAILURE_ATTRIBUTE],
      };
      return (queues.get(queue)?.keep ?? keepDeadMessage)(letter, deps);
    },
    hide: async (records, queue) => (await queues.get(queue)?.hide(records)) ?? false,
    retrySeconds: (receiveCount) => fullJitter(backoff, receiveCount - 1, Math.random),
  };
}
