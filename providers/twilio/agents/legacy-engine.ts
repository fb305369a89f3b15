import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { done } from '../../../domain/agents/answered.ts';
import { legacySettings } from '../../../domain/agents/settings.ts';
import type {
  FlexEngine,
  FlexFlow,
  LeftOpen,
  LegacyApi,
  Opened,
  OpenResult,
  ProxySession,
  Shown,
} from '../../../domain/agents/flex/engine.ts';

const closedSession = new Set(['closed', 'failed']);

const openedOf = (
  flow: FlexFlow,
  channel: Shown,
  identity: string,
  session: { readonly at: ProxySession; readonly ours: boolean } | undefined,
): Opened => ({
  engine: 'legacy',
  sids: {
    chatService: flow.chatServiceSid,
    channel: channel.sid,
    // What this call did not open, it must not close.
    ...(flow.longLived ? { lasting: 'channel' } : {}),
    ...(session ? { session: session.at.sid } : {}),
    ...(session && !session.ours ? { reused: 'session' } : {}),
  },
  shown: {
    chatChannel: { identity, ...channel.shown },
    ...(session ? { proxySession: session.at.shown } : {}),
  },
});

/** Flex on Programmable Chat and Proxy, for accounts that have not moved to Conversations. */
export function legacyEngine(api: LegacyApi): FlexEngine {
  const close = async (
    { sids }: Opened,
    secret: TenantSecret,
    signal: AbortSignal,
  ): Promise<readonly LeftOpen[]> => {
    const left: LeftOpen[] = [];
    const { chatService = '', channel = '', session } = sids;
    if (session !== undefined && sids.reused === undefined) {
      const removed = await api.removeSession(secret, session, signal);
      if (removed.kind !== 'done') left.push({ kind: 'proxySession', sid: session });
    }
    if (sids.lasting === undefined) {
      const off = await api.deactivateChannel(secret, chatService, channel, signal);
      if (off.kind !== 'done') left.push({ kind: 'chatChannel', sid: channel });
    }
    return left;
  };

  return {
    open: async (
      request,
      { secret, signal, identities, inDoubt, progress },
    ): Promise<OpenResult> => {
      const read = legacySettings(secret);
      if (!read.ok) return { kind: 'misconfigured', status: 500, issue: read.issue };
      const integration = request.purpose === 'task' ? 'task' : 'studio';
      const found = await api.findFlow(secret, integration, request.from, signal);
      if (found.kind !== 'done') {
        return { kind: 'failed', step: 'Flex Flow', why: found, leftOpen: [] };
      }
      const flow = found.value;
      if (flow === null) {
        return { kind: 'misconfigured', status: 500, issue: 'Unable to find matching Flex Flow' };
      }

      const identity = flow.longLived ? identities.lasting : identities.fresh;
      const earlier = inDoubt
        ? await api.findChannel(secret, flow.chatServiceSid, identity, signal)
        : done(null);
      if (earlier.kind !== 'done') {
        return { kind: 'failed', step: 'Chat Channel', why: earlier, leftOpen: [] };
      }
      const created =
        earlier.value === null
          ? await api.createChannel(secret, flow, { identity, request }, signal)
          : done(earlier.value);
      if (created.kind !== 'done') {
        return { kind: 'failed', step: 'Chat Channel', why: created, leftOpen: [] };
      }
      const channel = created.value;
      const soFar = openedOf(flow, channel, identity, undefined);
      await progress(soFar);

      // Only a channel that was there before can have a session.
      const existing =
        flow.longLived || earlier.value !== null
          ? await api.findSession(secret, channel.sid, signal)
          : done(null);
      const session =
        existing.kind === 'done' && existing.value === null
          ? await api.createSession(secret, channel.sid, request, signal)
          : existing;
      if (session.kind !== 'done' || session.value === null) {
        const why =
          session.kind === 'done' ? ({ kind: 'unknown', code: 'no-session' } as const) : session;
        const leftOpen = [
          ...(await close(soFar, secret, signal)),
          // Whether the session came to be is not known: its name is the channel's.
          ...(why.kind === 'unknown' ? [{ kind: 'proxySession', sid: channel.sid }] : []),
        ];
        return { kind: 'failed', step: 'Proxy Session', why, leftOpen };
      }
      const ours = existing.kind === 'done' && existing.value === null;
      const opened = openedOf(flow, channel, identity, { at: session.value, ours });
      return { kind: 'opened', opened };
    },
    isOpen: async ({ sids }, secret, signal) => {
      const { chatService = '', channel = '', session } = sids;
      if (session === undefined) return done(false);
      const found = await api.session(secret, session, signal);
      if (found.kind !== 'done') return found;
      if (found.value === null || closedSession.has(found.value.status)) return done(false);
      return api.channelIsActive(secret, chatService, channel, signal);
    },
    say: ({ sids }, body, secret, signal) =>
      api.addMessage(secret, sids.chatService ?? '', sids.channel ?? '', body, signal),
    close,
  };
}
