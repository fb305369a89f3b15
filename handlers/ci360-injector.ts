import { setTimeout as sleep } from 'node:timers/promises';
import { changeVisibilityOn } from '../adapters/aws/change-visibility.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { deadLetters } from '../adapters/aws/dead-letters.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { identities } from '../adapters/aws/identities.ts';
import { successNotes } from '../adapters/aws/last-successes.ts';
import { messageOwners } from '../adapters/aws/message-owners.ts';
import { replyLog } from '../adapters/aws/reply-log.ts';
import { whatsappWindows } from '../adapters/aws/whatsapp-windows.ts';
import { eventGateway } from '../adapters/ci360/event-gateway.ts';
import { paced } from '../adapters/ci360/paced.ts';
import { httpClient } from '../adapters/http/client.ts';
import { SECOND } from '../domain/clock.ts';
import { fullJitter } from '../domain/delivery/backoff.ts';
import { breaker } from '../domain/feedback/breaker.ts';
import { inject } from '../domain/feedback/inject.ts';
import type { InjectDeps } from '../domain/feedback/inject-deps.ts';
import { explainLateError } from '../providers/errors.ts';
import { providers } from '../providers/registry.ts';
import { type ConfigOf, readConfig } from './runtime/config.ts';
import { observation } from './runtime/observe.ts';
import { wireRegister } from './runtime/opt-outs.ts';
import { wireSecrets } from './runtime/secrets.ts';
import type { BatchProcessor } from './runtime/sqs-batch.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { replyEvents, statusEvents } from './runtime/status-events.ts';

const observe = observation('ci360-injector');

/** The ci360-events queue. */
export const handler = sqsHandler(observe, wire);

/** A report is at most two calls, the second with a fresh token, and a look at the secret between them. */
const leaseMs = (config: ConfigOf<'ci360-injector'>): number =>
  2 * config.provider_timeout + 10 * SECOND;

/** As many as a batch holds: reports of one message keep their order by themselves. */
const AT_ONCE = 10;

/**
 * What this execution environment may call of `ci360_max_rate`. Lambda never runs more of them than both
 * concurrency limits together, so all of them stay within the rate, with nothing to agree on.
 */
const shareOfRate = (config: ConfigOf<'ci360-injector'>): number =>
  config.ci360_max_rate /
  (config.injector_maximum_concurrency + config.replies_maximum_concurrency);

function wire(): BatchProcessor {
  const config = readConfig('ci360-injector');
  const clock = Date.now;
  const tables = documentClient();
  const sqs = sqsClient();
  const backoff = {
    baseSeconds: config.retry_base_seconds,
    maxSeconds: config.retry_max_seconds,
  };
  const successes = successNotes(tables, config.db_deliveries_table, {
    clock,
    ttlSeconds: config.delivery_ttl,
  });
  const deps: InjectDeps = {
    onTaken: (tenantId) => successes.note(tenantId, 'ci360'),
    deliveries: deliveries(tables, config.db_deliveries_table),
    owners: messageOwners(tables, config.db_deliveries_table),
    replyLog: replyLog(tables, config.db_deliveries_table, {
      ttlSeconds: config.delivery_ttl,
      clock,
    }),
    windows: whatsappWindows(tables, config.db_cache_identities_table),
    identities: identities(tables, config.db_cache_identities_table, {
      ttlSeconds: config.cache_ttl,
      clock,
    }),
    optOuts: wireRegister(tables, config),
    failedRequests: failedRequests(tables, config.db_failed_requests_table),
    deadLetters: deadLetters(sqs, config.ci360_events_dlq_url),
    secrets: wireSecrets(config, observe),
    gateway: paced(
      eventGateway({
        http: httpClient({ clock, maxBodyBytes: 64 * 1024 }),
        timeoutMs: config.provider_timeout,
        clock,
      }),
      { perSecond: shareOfRate(config), burst: AT_ONCE, clock, sleep },
    ),
    breaker: breaker({ pause: backoff, probeMs: leaseMs(config) }),
    explain: explainLateError,
    providers,
    settings: {
      statusEvents: statusEvents(config),
      replyEvents: replyEvents(config),
      identityField: config.identity_field,
      attributeNames: config.event_attribute_names,
      attributes: config.event_attributes,
      leaseMs: leaseMs(config),
      giveUpAfterMs: config.event_give_up_after * SECOND,
      backoff,
      deliveryTtlSeconds: config.delivery_ttl,
    },
    clock,
    random: Math.random,
    signalUntil: (time) => AbortSignal.timeout(Math.max(0, time - clock())),
    observe,
  };
  return {
    concurrency: AT_ONCE,
    handle: (record) => inject(record, deps),
    hide: changeVisibilityOn(sqs, [config.ci360_events_queue_url, config.ci360_replies_queue_url]),
    after: successes.save,
    retrySeconds: (receiveCount) => fullJitter(backoff, receiveCount - 1, Math.random),
  };
}
