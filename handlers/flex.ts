import { createHash } from 'node:crypto';
import { flex } from '../domain/agents/flex/flex.ts';
import { agentApi } from '../providers/twilio/agents/api.ts';
import { twilioFlex } from '../providers/twilio/agents/flex.ts';
import { wireAgents } from './runtime/agents.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';
import { wireAccess, wireSecrets } from './runtime/secrets.ts';

const observe = observation('flex');

/** The calls of Flex screens and back offices. */
export const handler = httpHandler(observe, wire);

function wire(): HttpRoute {
  const config = readConfig('flex');
  const shared = wireAgents(config);
  return flex({
    ...shared,
    secrets: wireSecrets(config, observe),
    authenticate: wireAccess(config, observe),
    flex: twilioFlex(agentApi(shared.http, shared.clock), shared.wait),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    allowedOrigins: config.flex_allowed_origins
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
    observe,
  });
}
