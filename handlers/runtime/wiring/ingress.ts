import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { acceptEvent } from '../../../domain/outbound/accept.ts';
import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { promptly, wireAccess, wireKnownTenants } from '../secrets.ts';
import { senderSettings } from '../sender-settings.ts';

export function wireIngress(observe: Observation): HttpRoute {
  const config = readConfig('ingress', process.env);
  return acceptEvent({
    tenants: wireKnownTenants(config, observe),
    authenticate: wireAccess(config, observe),
    queue: outboundQueue(sqsClient(promptly), config.outbound_queue_url),
    settings: {
      ...senderSettings(config),
      creative_unknown_fields: config.creative_unknown_fields,
      event_ttl: config.event_ttl,
    },
    clock: Date.now,
    observe,
  });
}
