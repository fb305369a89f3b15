import type { LegacyApi } from '../../domain/agents/flex/ports.ts';
import type { AgentApi } from './agent-api.ts';
import { flexChat } from './flex-chat.ts';
import { legacyCall } from './legacy-call.ts';
import { proxySessions } from './proxy-sessions.ts';

/** What Flex stood on before Conversations: Programmable Chat and Proxy. */
export function flexLegacy(api: AgentApi): LegacyApi {
  const ask = legacyCall(api);
  return { ...flexChat(ask), ...proxySessions(ask) };
}
