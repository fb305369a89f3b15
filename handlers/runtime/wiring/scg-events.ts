import { documentClient } from '../../../adapters/aws/clients/dynamodb.ts';
import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { identities } from '../../../adapters/aws/identities.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { type ScgEventsDeps, scgEvents } from '../../../domain/feedback/scg-events.ts';
import { readConfig } from '../config.ts';
import { wireEventQueue } from '../event-lanes.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { sameSecret } from '../same-secret.ts';
import { promptly, wireSecrets } from '../secrets.ts';
import { wireTakeReply } from '../take-reply.ts';

export function wireScgEvents(observe: Observation): HttpRoute {
  const config = readConfig('scg-events', process.env);
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
