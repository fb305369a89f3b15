import { randomUUID } from 'node:crypto';
import { auditLog } from '../adapters/aws/audit-log.ts';
import { campaignRecords } from '../adapters/aws/campaign-records.ts';
import { checkStates } from '../adapters/aws/checked-records.ts';
import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sfnClient } from '../adapters/aws/clients/sfn.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { controls } from '../adapters/aws/controls.ts';
import { deliveries } from '../adapters/aws/deliveries.ts';
import { executions } from '../adapters/aws/executions.ts';
import { failedRequests } from '../adapters/aws/failed-requests.ts';
import { heldMessages } from '../adapters/aws/held-messages.ts';
import { lastSuccesses } from '../adapters/aws/last-successes.ts';
import { messageIndex } from '../adapters/aws/message-index.ts';
import { queueDepth } from '../adapters/aws/queue-depths.ts';
import { releaseRuns } from '../adapters/aws/release-runs.ts';
import { replayOutcomes, replays } from '../adapters/aws/replays.ts';
import { senders } from '../adapters/aws/senders.ts';
import { verdictFacts } from '../adapters/aws/verdict-facts.ts';
import { waitingDeliveries } from '../adapters/aws/waiting-deliveries.ts';
import { SECOND } from '../domain/clock.ts';
import type { OperatorDeps } from '../domain/operator/deps.ts';
import { serveOperator } from '../domain/operator/serve.ts';
import type { QueueDepth } from '../domain/operator/status-ports.ts';
import { mentionsOptOut } from '../domain/opt-outs/mentions.ts';
import { explainError, isKnownCode } from '../providers/errors.ts';
import { providerRules } from '../providers/registry.ts';
import { type ConfigOf, readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { numberingOf } from './runtime/numbering.ts';
import { observation } from './runtime/observe.ts';
import { wireRegister } from './runtime/opt-outs.ts';
import { wirePeople } from './runtime/people.ts';
import { refusalRules } from './runtime/refusal-rules.ts';
import { wireAccess, wireAddressHash, wireKnownTenants, wireSecrets } from './runtime/secrets.ts';
import { senderSettings } from './runtime/sender-settings.ts';
import { timingSettings } from './runtime/sending-hours.ts';
import { wireTemplates } from './runtime/templates.ts';

const observe = observation('operator');

/** Every route of the operator. */
export const handler = httpHandler(observe, wire);

/** API Gateway answers for a function after 30 s; what is under way when the budget ends needs a few. */
const BUDGET_MS = 15 * SECOND;

function wire(): HttpRoute {
  const config = readConfig('operator');
  const tables = documentClient();
  const sfn = sfnClient();
  const refusals = refusalRules(config);
  const index =
    config.message_search === 'on'
      ? messageIndex(tables, config.db_messages_table, {
          clock: Date.now,
          ttlSeconds: config.delivery_ttl,
        })
      : undefined;
  const hashAddress = wireAddressHash(config);
  const stored = {
    failedRequests: failedRequests(tables, config.db_failed_requests_table),
    deliveries: deliveries(tables, config.db_deliveries_table),
    held: heldMessages(tables, config.db_held_table, { clock: Date.now }),
    optOuts: wireRegister(tables, config),
  };
  return serveOperator({
    tenants: wireKnownTenants(config, observe),
    authenticate: wireAccess(config, observe),
    audit: auditLog(tables, config.db_audit_table, { ttlSeconds: config.audit_ttl }),
    ...stored,
    facts: verdictFacts(
      tables,
      {
        deliveries: config.db_deliveries_table,
        optOuts: config.db_opt_outs_table,
      },
      refusals,
    ),
    refusalRules: refusals,
    replays: replays(tables, config.db_replays_table),
    outcomes: replayOutcomes(tables, config.db_failed_requests_table),
    campaigns: campaignRecords(tables, config.db_campaigns_table),
    checks: checkStates(tables, config.db_campaigns_table, {
      clock: Date.now,
      ttlSeconds: config.campaign_ttl,
    }),
    messages: { index, hashAddress },
    people: wirePeople(tables, config, {
      ...stored,
      index,
      hashAddress,
    }),
    explain: explainError,
    executions: executions(sfn, config.replay_machine_arn),
    controls: controls(tables, config.db_controls_table),
    runs: releaseRuns(tables, config.db_held_table),
    releases: executions(sfn, config.release_machine_arn),
    leaseMs: config.lease_seconds * SECOND,
    isKnownCode,
    eventTtlSeconds: config.event_ttl,
    holdMaxMs: config.hold_max * SECOND,
    settings: {
      numbering: numberingOf(config),
      maxRate: config.replay_max_rate,
      waits: {
        graceMs: config.in_doubt_grace * SECOND,
        reconcileMs: config.reconcile_after * SECOND,
      },
      pollSeconds: config.replay_poll_seconds,
      deliveryTtlSeconds: config.delivery_ttl,
      ttlSeconds: config.failed_request_ttl,
      budgetMs: BUDGET_MS,
    },
    check: {
      compose: {
        ...senderSettings(config),
        creative_unknown_fields: config.creative_unknown_fields,
        timing: timingSettings(config),
      },
      content: { ...config, providers: providerRules },
      prices: config.price_table,
      currency: config.price_currency,
      mentionsOptOut,
    },
    templates: {
      catalogue: wireTemplates(config, tables),
      secrets: wireSecrets(config, observe),
      signal: () => AbortSignal.timeout(BUDGET_MS),
    },
    senders: {
      states: senders(tables, config.db_senders_table, { clock: Date.now }),
      rates: config.sender_rates,
    },
    queueDepths: queueDepths(config),
    waiting: waitingDeliveries(tables, config.db_deliveries_table),
    lastSuccesses: lastSuccesses(tables, config.db_deliveries_table),
    newId: randomUUID,
    clock: Date.now,
    observe,
  });
}

function queueDepths(config: ConfigOf<'operator'>): OperatorDeps['queueDepths'] {
  const sqs = sqsClient();
  return async () => {
    const [
      outbound,
      outboundPriority,
      outboundLanes,
      outboundDlq,
      lanesDlq,
      ci360Events,
      ci360Replies,
      ci360EventsDlq,
    ] = await Promise.all([
      queueDepth(sqs, config.outbound_queue_url),
      queueDepth(sqs, config.outbound_priority_queue_url),
      queueDepth(sqs, config.outbound_lanes_queue_url),
      queueDepth(sqs, config.outbound_dlq_url),
      queueDepth(sqs, config.outbound_lanes_dlq_url),
      queueDepth(sqs, config.ci360_events_queue_url),
      queueDepth(sqs, config.ci360_replies_queue_url),
      queueDepth(sqs, config.ci360_events_dlq_url),
    ]);
    return {
      outbound,
      outboundPriority,
      outboundLanes,
      // Two queues, because of what SQS takes; the same messages.
      outboundDlq: together(outboundDlq, lanesDlq),
      ci360Events,
      ci360Replies,
      ci360EventsDlq,
    };
  };
}

const together = (a: QueueDepth, b: QueueDepth): QueueDepth => ({
  waiting: a.waiting + b.waiting,
  inFlight: a.inFlight + b.inFlight,
  delayed: a.delayed + b.delayed,
});
