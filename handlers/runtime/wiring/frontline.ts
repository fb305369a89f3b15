import { frontline } from '../../../domain/agents/frontline/frontline.ts';
import { agentApi } from '../../../providers/twilio/agent-api.ts';
import { conversations } from '../../../providers/twilio/conversations.ts';
import { twilioSigned } from '../../../providers/twilio/webhook-signature.ts';
import { readConfig } from '../config.ts';
import { wireContacts } from '../contacts.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { publicUrls } from '../public-urls.ts';
import { wireSecrets } from '../secrets.ts';

/** Twilio waits 5 s for a callback; a request that has to queue longer than this is of no use to it. */
const PATIENCE = 2000;

export function wireFrontline(observe: Observation): HttpRoute {
  const config = readConfig('frontline', process.env);
  const shared = wireContacts(config, observe, PATIENCE);
  return frontline({
    ...shared,
    secrets: wireSecrets(config, observe),
    conversations: conversations(agentApi(shared.http, shared.clock)),
    signed: twilioSigned,
    publicUrls: publicUrls(config),
    observe,
  });
}
