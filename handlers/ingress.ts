import { sqsClient } from '../adapters/aws/clients/sqs.ts';
import { outboundQueue } from '../adapters/aws/outbound-queue.ts';
import { prepareContent } from '../domain/content/prepare.ts';
import { acceptEvent } from '../domain/outbound/accept.ts';
import { providerRules } from '../providers/registry.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { shortTimeouts, wireAccess, wireKnownTenants } from './runtime/secrets.ts';
import { senderSettings } from './runtime/sender-settings.ts';
import { timingSettings } from './runtime/sending-hours.ts';

const observe = observation('ingress');

/** `POST /{twilio|scg}/messages` */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('ingress');
  return acceptEvent({
    tenants: wireKnownTenants(config, observe),
    authenticate: wireAccess(config, observe),
    queue: outboundQueue(
      sqsClient(shortTimeouts),
      config.outbound_queue_url,
      config.outbound_priority_queue_url,
    ),
    settings: {
      ...senderSettings(config),
      creative_unknown_fields: config.creative_unknown_fields,
      priority_tasks: config.priority_tasks,
      timing: timingSettings(config),
      event_ttl: config.event_ttl,
    },
    prepare: prepareContent({ ...config, providers: providerRules }),
    clock: Date.now,
    observe,
  });
}
