import { createHash } from 'node:crypto';
import { flex } from '../../../domain/agents/flex/flex.ts';
import { interactionsEngine } from '../../../domain/agents/flex/interactions-engine.ts';
import { legacyEngine } from '../../../domain/agents/flex/legacy-engine.ts';
import { agentApi } from '../../../providers/twilio/agent-api.ts';
import { flexLegacy } from '../../../providers/twilio/flex-legacy.ts';
import { interactions } from '../../../providers/twilio/interactions.ts';
import { wireAgents } from '../agents.ts';
import { readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { wireAccess, wireSecrets } from '../secrets.ts';

export function wireFlex(observe: Observation): HttpRoute {
  const config = readConfig('flex', process.env);
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
