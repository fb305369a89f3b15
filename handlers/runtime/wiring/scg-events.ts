import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { type ScgEventsDeps, scgEvents } from '../../../domain/feedback/scg-events.ts';
import { readConfig } from '../config.ts';
import { wireEventQueue } from '../event-lanes.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { sameSecret } from '../same-secret.ts';
import { promptly, wireSecrets } from '../secrets.ts';

export function wireScgEvents(observe: Observation): HttpRoute {
  const config = readConfig('scg-events', process.env);
  const deps: ScgEventsDeps = {
    secrets: wireSecrets(config, observe),
    same: sameSecret,
    queue: wireEventQueue(sqsClient(promptly), config),
    defaultTenantId: config.tenant_id,
    channelsBySender: config.scg_channels_by_sender,
    uppercaseReplies: config.scg_mo_body_uppercase,
    clock: Date.now,
    observe,
  };
  return (request) => scgEvents(request, deps);
}
