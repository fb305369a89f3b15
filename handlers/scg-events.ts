import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { identities } from '../adapters/aws/identities.ts';
import { outboundQueue } from '../adapters/aws/outbound-queue.ts';
import { answerByMessage } from '../domain/feedback/answer-by-message.ts';
import { receiveCallback } from '../domain/feedback/receive-callback.ts';
import { providerRules } from '../providers/registry.ts';
import { scgCallbacks } from '../providers/scg/webhook/events.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireReplies } from './runtime/replies.ts';
import { sameSecret } from './runtime/same-secret.ts';
import { shortTimeouts } from './runtime/secrets.ts';
import { wireWebhook } from './runtime/webhook.ts';

const observe = observation('scg-events');

/** `POST /webhooks/scg[/{tenantId}]` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('scg-events');
  const webhook = wireWebhook(config, observe);
  const { secrets } = webhook;
  const person = {
    identities: identities(documentClient(shortTimeouts), config.db_cache_identities_table, {
      ttlSeconds: config.cache_ttl,
      clock: Date.now,
    }),
    secrets,
    providers: providerRules,
    identityField: config.identity_field,
  };
  const outbound = outboundQueue(sqsClient(shortTimeouts), config.outbound_queue_url);
  const replies = wireReplies(
    config,
    observe,
    (deps) => (reply, heard) =>
      answerByMessage(reply, heard, { ...deps, outbound, secrets, person }),
  );
  const callbacks = scgCallbacks({
    same: sameSecret,
    defaultTenantId: config.tenant_id,
    channelsBySender: config.scg_channels_by_sender,
    uppercaseReplies: config.scg_mo_body_uppercase,
  });
  return (request) =>
    receiveCallback(request, callbacks, { ...webhook, replies: { ...replies, person } });
}
