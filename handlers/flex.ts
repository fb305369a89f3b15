import { createHash } from 'node:crypto';
import { flex } from '../domain/agents/flex/flex.ts';
import { interactionsEngine } from '../providers/twilio/agents/interactions-engine.ts';
import { legacyEngine } from '../providers/twilio/agents/legacy-engine.ts';
import { agentApi } from '../providers/twilio/agents/api.ts';
import { flexLegacy } from '../providers/twilio/agents/legacy-sessions.ts';
import { interactions } from '../providers/twilio/agents/interactions.ts';
import { wireAgents } from './runtime/agents.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireAccess, wireSecrets } from './runtime/secrets.ts';

const observe = observation('flex');

/** What Flex screens and back offices call. */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('flex');
  const shared = wireAgents(config);
  const api = agentApi(shared.http, shared.clock);
  const legacy = flexLegacy(api);
  return flex({
    ...shared,
    secrets: wireSecrets(config, observe),
    authenticate: wireAccess(config, observe),
    engines: {
      interactions: interactionsEngine(interactions(api), shared.wait),
      legacy: legacyEngine(legacy),
    },
    legacy,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    allowedOrigins: config.flex_allowed_origins
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
    observe,
  });
}
