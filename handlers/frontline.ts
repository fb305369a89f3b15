import { frontline } from '../domain/agents/frontline/frontline.ts';
import { agentApi } from '../providers/twilio/agents/api.ts';
import { conversations } from '../providers/twilio/agents/conversations.ts';
import { frontlineCallbacks } from '../providers/twilio/agents/frontline.ts';
import { readConfig } from './runtime/config.ts';
import { wireContacts } from './runtime/contacts.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { publicUrls } from './runtime/public-urls.ts';
import { wireSecrets } from './runtime/secrets.ts';

const observe = observation('frontline');

/** Twilio Frontline's callbacks. */
export const handler = httpHandler(observe, wire);

/** Twilio waits 5 s for a callback; a request to Airtable that must wait longer than this comes too late. */
const PATIENCE = 2000;

function wire(): HttpRoute {
  const config = readConfig('frontline');
  const shared = wireContacts(config, observe, PATIENCE);
  const secrets = wireSecrets(config, observe);
  return frontline({
    ...shared,
    secrets,
    conversationsOf: conversations(agentApi(shared.http, shared.clock)),
    callbacks: frontlineCallbacks({
      secrets,
      publicUrls: publicUrls(config),
      observe,
    }),
    observe,
  });
}
