import { randomUUID } from 'node:crypto';
import { changeVisibilityOn } from '../adapters/aws/change-visibility.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { controls } from '../adapters/aws/controls.ts';
import { deadLetters } from '../adapters/aws/dead-letters.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { heldMessages } from '../adapters/aws/held-messages.ts';
import { identities } from '../adapters/aws/identities.ts';
import { successNotes } from '../adapters/aws/last-successes.ts';
import { messageOwners } from '../adapters/aws/message-owners.ts';
import { optOuts } from '../adapters/aws/opt-outs.ts';
import { whatsappWindows } from '../adapters/aws/whatsapp-windows.ts';
import { httpClient } from '../adapters/http/client.ts';
import { cachedControls } from '../domain/campaigns/cached-controls.ts';
import { mayLeaveNow } from '../domain/campaigns/may-leave.ts';
import { SECOND } from '../domain/clock.ts';
import { fullJitter } from '../domain/delivery/backoff.ts';
import { deliver } from '../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../domain/delivery/deliver-deps.ts';
import type { MessageGateway } from '../domain/delivery/ports.ts';
import { withContent } from '../domain/delivery/with-content.ts';
import { resolveFailedRequest } from '../domain/failed-requests/resolve.ts';
import { forEachProvider, type ProviderId } from '../domain/provider-id.ts';
import { providers } from '../providers/registry.ts';
import { withRetries } from '../providers/with-retries.ts';
import { type ConfigOf, readConfig } from './runtime/config.ts';
import { wireLanes } from './runtime/lanes.ts';
import { observation } from './runtime/observe.ts';
import { refusalRules } from './runtime/refusal-rules.ts';
import { wireAddressHash, wireSecrets } from './runtime/secrets.ts';
import { wireHours } from './runtime/sending-hours.ts';
import type { BatchProcessor } from './runtime/sqs-batch.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { wireTemplates } from './runtime/templates.ts';

const observe = observation('worker');

/** The outbound queues: claims, sends and settles messages. */
export const handler = sqsHandler(observe, wire);

/** The waits between tries within one invocation, ms: short, for the queue takes the longer ones. */
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 2 * SECOND;

function wire(): BatchProcessor {
  const config = readConfig('worker');
  const clock = Date.now;
  const sqs = sqsClient();
  const dynamo = documentClient();
  const backoff = {
    baseSeconds: config.retry_base_seconds,
    maxSeconds: config.retry_max_seconds,
  };

  const retrySeconds = (receiveCount: number) => fullJitter(backoff, receiveCount - 1, Math.random);
  const lanes = wireLanes(config, retrySeconds);
  const successes = successNotes(dynamo, config.db_deliveries_table, {
    clock,
    ttlSeconds: config.delivery_ttl,
  });

  const noted = (provider: ProviderId, gateway: MessageGateway): MessageGateway => ({
    ...gateway,
    send: async (request, ...others) => {
      const outcome = await gateway.send(request, ...others);
      if (outcome.kind === 'accepted') successes.note(request.tenantId, provider);
      if (outcome.kind === 'throttled') {
        observe.count('throttled', { provider });
        lanes.pacer.throttled(request, outcome.scope ?? 'sender');
      }
      return outcome;
    },
  });

  const failed = failedRequests(dynamo, config.db_failed_requests_table);
  const gatewayOf = (id: ProviderId): MessageGateway => {
    const { maxAnswerBytes, messageGateway } = providers[id];
    const { scg_directives: directives } = config;
    const http = httpClient({ clock, maxBodyBytes: maxAnswerBytes });
    return messageGateway({ http, publicUrl: config.public_url, directives, clock, observe });
  };

  const content = {
    catalogue: wireTemplates(config, dynamo),
    windows: whatsappWindows(dynamo, config.db_cache_identities_table),
    windowPolicy: config.whatsapp_window,
    clock,
  };

  const deps: DeliverDeps = {
    deliveries: deliveries(dynamo, config.db_deliveries_table),
    owners: messageOwners(dynamo, config.db_deliveries_table),
    resolveFailedRequest: (request) => resolveFailedRequest(request, failed),
    deadLetters: deadLetters(sqs, config.outbound_dlq_url),
    mayLeaveNow: mayLeaveNow({
      controls: cachedControls(controls(dynamo, config.db_controls_table), clock),
      closedUntil: wireHours(config),
    }),
    holdStore: heldMessages(dynamo, config.db_held_table, { clock }),
    optOuts: optOuts(dynamo, config.db_opt_outs_table, refusalRules(config)),
    identities:
      config.identity_field === ''
        ? identities(dynamo, config.db_cache_identities_table, {
            ttlSeconds: config.cache_ttl,
            clock,
          })
        : undefined,
    secrets: wireSecrets(config, observe),
    gateways: forEachProvider((id) =>
      noted(id, withContent(retried(gatewayOf(id), config), content)),
    ),
    policy: {
      leaseMs: config.lease_seconds * SECOND,
      inDoubtGraceMs: config.in_doubt_grace * SECOND,
      deliveryTtlSeconds: config.delivery_ttl,
      failedRequestTtlSeconds: config.failed_request_ttl,
      eventTtlSeconds: config.event_ttl,
      holdMaxMs: config.hold_max * SECOND,
      unknownPolicy: config.unknown_policy,
      maxAttempts: config.max_attempts,
      backoff,
      random: Math.random,
    },
    hashAddress: wireAddressHash(config),
    clock,
    newId: randomUUID,
    signalUntil: (time) => AbortSignal.timeout(Math.max(0, time - clock())),
    observe,
  };

  const hide = changeVisibilityOn(sqs, [
    config.outbound_queue_url,
    config.outbound_priority_queue_url,
    config.outbound_lanes_queue_url,
  ]);
  return {
    concurrency: config.worker_concurrency,
    plan: (records) => lanes.plan(records, deps),
    handle: (record) => deliver(record, deps),
    hide,
    after: async () => {
      await Promise.all([successes.save(), lanes.pacer.save()]);
    },
    retrySeconds,
  };
}

const retried = (gateway: MessageGateway, config: ConfigOf<'worker'>): MessageGateway =>
  withRetries(gateway, {
    retries: config.send_retries,
    minTimeoutMs: FIRST_RETRY_MS,
    maxTimeoutMs: LONGEST_RETRY_MS,
    // A further try is begun only while there is time for all of it.
    maxRetryTimeMs: config.provider_timeout * config.send_retries,
    tryTimeoutMs: config.provider_timeout,
  });
