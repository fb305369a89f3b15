import { type Answered, done } from '../../../domain/agents/answered.ts';
import type { FlexSessions, FlexTenant } from '../../../domain/agents/flex/engine.ts';
import type { AgentApi } from './api.ts';
import { chatChannels } from './chat-channels.ts';
import { flexFlows } from './flex-flows.ts';
import { type ProxySession, proxySessions } from './proxy-sessions.ts';
import { legacySettings } from './settings.ts';

/** A session's unique name starts with the sid of its chat channel. */
const channelOf = ({ uniqueName }: ProxySession): string | undefined =>
  /^CH[0-9a-zA-Z]{32}/.exec(uniqueName)?.[0];

/** Proxy sessions, and the chat channels behind them. */
export function legacySessions({ credentials }: FlexTenant, agentApi: AgentApi): FlexSessions {
  const ask = agentApi(credentials, legacySettings);
  const channels = chatChannels(ask);
  const sessions = proxySessions(ask);
  let services: readonly string[] | undefined;
  let listed = new Map<string, ProxySession>();

  /** The account's chat services: a session's channel may be in any of them. */
  const chatServices = async (signal: AbortSignal): Promise<Answered<readonly string[]>> => {
    if (services !== undefined) return done(services);
    const flows = await flexFlows(ask, signal);
    if (flows.kind !== 'done') return flows;
    services = [...new Set(flows.value.map(({ chatServiceSid }) => chatServiceSid))];
    return done(services);
  };

  return {
    page: async (next, signal) => {
      const known = await chatServices(signal);
      if (known.kind !== 'done') return { kind: 'failed', step: 'Flex Flows', why: known };
      const page = await sessions.page(next, signal);
      if (page.kind !== 'done') return { kind: 'failed', step: 'sessions', why: page };
      listed = new Map(page.value.sessions.map((session) => [session.sid, session]));
      return {
        kind: 'page',
        sids: [...listed.keys()],
        ...(page.value.next ? { next: page.value.next } : {}),
      };
    },
    end: async (sid, signal) => {
      const session = listed.get(sid);
      const channelSid = session && channelOf(session);
      if (channelSid !== undefined) {
        for (const chatServiceSid of services ?? []) {
          const off = await channels.deactivate({ chatServiceSid, channelSid }, signal);
          if (off.kind !== 'done') return false;
        }
      }
      return (await sessions.remove(sid, signal)).kind === 'done';
    },
  };
}
