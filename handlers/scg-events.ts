import { documentClient } from '../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { identities } from '../adapters/aws/identities.ts';
import { outboundQueue } from '../adapters/aws/outbound-queue.ts';
import { type ScgEventsDeps, scgEvents } from '../providers/scg/webhook/events.ts';
import { readConfig } from './runtime/config.ts';
import { wireEventQueue } from './runtime/event-lanes.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { sameSecret } from './runtime/same-secret.ts';
import { promptly, wireSecrets } from './runtime/secrets.ts';
import { wireTakeReply } from './runtime/take-reply.ts';

const observe = observation('scg-events');

/** `POST /webhooks/scg[/{tenantId}]` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('scg-events');
  const clock = Date.now;
  const secrets = wireSecrets(config, observe);
  const deps: ScgEventsDeps = {
    ...wireTakeReply(config),
    outbound: outboundQueue(sqsClient(promptly), config.outbound_queue_url),
    person: {
      identities: identities(documentClient(promptly), config.db_cache_identities_table, {
        ttlSeconds: config.cache_ttl,
        clock,
      }),
      secrets,
      identityField: config.identity_field,
    },
    secrets,
    same: sameSecret,
    queue: wireEventQueue(sqsClient(promptly), config),
    defaultTenantId: config.tenant_id,
    channelsBySender: config.scg_channels_by_sender,
    uppercaseReplies: config.scg_mo_body_uppercase,
    clock,
    observe,
  };
  return (request) => scgEvents(request, deps);
}
