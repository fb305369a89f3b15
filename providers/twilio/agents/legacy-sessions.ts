import type { LegacyApi } from '../../../domain/agents/flex/engine.ts';
import type { AgentApi } from './api.ts';
import { flexChat } from './chat-channels.ts';
import { legacyCall } from './paging.ts';
import { proxySessions } from './proxy-sessions.ts';

/** What Flex stood on before Conversations: Programmable Chat and Proxy. */
export function flexLegacy(api: AgentApi): LegacyApi {
  const ask = legacyCall(api);
  return { ...flexChat(ask), ...proxySessions(ask) };
}
