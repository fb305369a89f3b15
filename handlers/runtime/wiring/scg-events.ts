import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { eventQueue } from '../../../adapters/aws/event-queue.ts';
import { type ScgEventsDeps, scgEvents } from '../../../domain/feedback/scg-events.ts';
import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { sameSecret } from '../same-secret.ts';
import { promptly, wireSecrets } from '../secrets.ts';

export function wireScgEvents(observe: Observation): HttpRoute {
  const config = readConfig(process.env);
  const deps: ScgEventsDeps = {
    secrets: wireSecrets(config, observe).secrets,
    same: sameSecret,
    queue: eventQueue(sqsClient(promptly), config.ci360_events_queue_url),
    defaultTenantId: config.tenant_id,
    channelsBySender: config.scg_channels_by_sender,
    uppercaseReplies: config.scg_mo_body_uppercase,
    clock: Date.now,
    observe,
  };
  return (request) => scgEvents(request, deps);
}
