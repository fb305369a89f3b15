import * as z from 'zod';
import { type Answered, done, type NotDone } from '../../../domain/agents/answered.ts';
import type {
  FlexEngine,
  FlexTenant,
  LeftOpen,
  OpenContext,
  Opened,
  OpenRequest,
  OpenResult,
} from '../../../domain/agents/flex/engine.ts';
import type { AgentApi } from './api.ts';
import { type ChatChannels, chatChannels } from './chat-channels.ts';
import { type FlexFlow, findFlow } from './flex-flows.ts';
import { type ProxySession, type ProxySessions, proxySessions } from './proxy-sessions.ts';
import type { Shown } from './resource.ts';
import { legacySettings } from './settings.ts';

type Resources = { readonly channels: ChatChannels; readonly sessions: ProxySessions };

const sidsSchema = z.object({
  chatService: z.string(),
  channel: z.string(),
  session: z.string().optional(),
  /** Set for a channel that outlives the task. */
  lasting: z.string().optional(),
  /** Set for a session that existed before. */
  reused: z.string().optional(),
});

/** What this engine opened; undefined for what another one did. */
function sidsOf(opened: Opened) {
  const { chatService, channel, ...rest } = sidsSchema.safeParse(opened.sids).data ?? {};
  if (chatService === undefined || channel === undefined) return undefined;
  return { ref: { chatServiceSid: chatService, channelSid: channel }, ...rest };
}

/** A chat channel of a flow, and whether it existed before this call. */
type Channel = Shown & {
  readonly flow: FlexFlow;
  readonly identity: string;
  readonly existed: boolean;
};
type Session = { readonly session: ProxySession; readonly existed: boolean };

const openedOf = (channel: Channel, found?: Session): Opened => ({
  engine: 'legacy',
  sids: {
    chatService: channel.flow.chatServiceSid,
    channel: channel.sid,
    // A call must not close what it did not open.
    ...(channel.flow.longLived ? { lasting: 'channel' } : {}),
    ...(found ? { session: found.session.sid } : {}),
    ...(found?.existed ? { reused: 'session' } : {}),
  },
  shown: {
    chatChannel: { identity: channel.identity, ...channel.shown },
    ...(found ? { proxySession: found.session.shown } : {}),
  },
});

/** The channel that an earlier call may have opened, or a new one. */
async function openChannel(
  flow: FlexFlow,
  request: OpenRequest,
  { identities, inDoubt, signal }: OpenContext,
  { channels }: Resources,
): Promise<Answered<Channel>> {
  const identity = flow.longLived ? identities.lasting : identities.fresh;
  if (inDoubt) {
    const earlier = await channels.find(flow.chatServiceSid, identity, signal);
    if (earlier.kind !== 'done') return earlier;
    if (earlier.value) return done({ ...earlier.value, flow, identity, existed: true });
  }
  const created = await channels.create(flow, identity, request, signal);
  if (created.kind !== 'done') return created;
  return done({ ...created.value, flow, identity, existed: flow.longLived });
}

/** The channel's open session, or a new one. Only a channel that existed before can have one. */
async function openSession(
  channel: Channel,
  request: OpenRequest,
  signal: AbortSignal,
  { sessions }: Resources,
): Promise<Answered<Session>> {
  if (channel.existed) {
    const found = await sessions.find(channel.sid, signal);
    if (found.kind !== 'done') return found;
    if (found.value) return done({ session: found.value, existed: true });
  }
  const created = await sessions.create(channel.sid, request, signal);
  return created.kind === 'done' ? done({ session: created.value, existed: false }) : created;
}

/** Closes the session and the channel, except what outlives the task or existed before. */
async function close(
  opened: Opened,
  signal: AbortSignal,
  { channels, sessions }: Resources,
): Promise<readonly LeftOpen[]> {
  const own = sidsOf(opened);
  if (own === undefined) return [];
  const { ref, session, lasting, reused } = own;
  const left: LeftOpen[] = [];
  if (session !== undefined && reused === undefined) {
    const removed = await sessions.remove(session, signal);
    if (removed.kind !== 'done') left.push({ kind: 'proxySession', sid: session });
  }
  if (lasting === undefined) {
    const off = await channels.deactivate(ref, signal);
    if (off.kind !== 'done') left.push({ kind: 'chatChannel', sid: ref.channelSid });
  }
  return left;
}

const failedAt = (step: string, why: NotDone, leftOpen: readonly LeftOpen[] = []): OpenResult => ({
  kind: 'failed',
  step,
  why,
  leftOpen,
});

/** Flex on Programmable Chat and Proxy, for accounts that have not migrated to Conversations. */
export function legacyEngine({ secret, credentials }: FlexTenant, agentApi: AgentApi): FlexEngine {
  const ask = agentApi(credentials, legacySettings);
  const resources = { channels: chatChannels(ask), sessions: proxySessions(ask) };

  const open = async (request: OpenRequest, context: OpenContext): Promise<OpenResult> => {
    const { signal, progress } = context;
    const read = legacySettings(secret);
    if (!read.ok) return { kind: 'misconfigured', issue: read.issue };
    const integration = request.purpose === 'task' ? 'task' : 'studio';
    const flow = await findFlow(integration, request.from, ask, signal);
    if (flow.kind !== 'done') return failedAt('Flex Flow', flow);
    if (flow.value === undefined) {
      return { kind: 'misconfigured', issue: 'Unable to find matching Flex Flow' };
    }
    const channel = await openChannel(flow.value, request, context, resources);
    if (channel.kind !== 'done') return failedAt('Chat Channel', channel);
    const soFar = openedOf(channel.value);
    await progress(soFar);

    const session = await openSession(channel.value, request, signal, resources);
    if (session.kind === 'done') {
      return { kind: 'opened', opened: openedOf(channel.value, session.value) };
    }
    const leftOpen = [
      ...(await close(soFar, signal, resources)),
      // Whether the session was created is not known. Its name is the channel's sid.
      ...(session.kind === 'unknown' ? [{ kind: 'proxySession', sid: channel.value.sid }] : []),
    ];
    return failedAt('Proxy Session', session, leftOpen);
  };

  return {
    open,
    isOpen: async (opened, signal) => {
      const own = sidsOf(opened);
      if (own?.session === undefined) return done(false);
      const isOpen = await resources.sessions.isOpen(own.session, signal);
      if (isOpen.kind !== 'done' || !isOpen.value) return isOpen;
      return resources.channels.isActive(own.ref, signal);
    },
    say: async (opened, body, signal) => {
      const own = sidsOf(opened);
      return own === undefined
        ? { kind: 'refused', status: 500, code: 'other-engine' }
        : resources.channels.addMessage(own.ref, body, signal);
    },
    close: (opened, signal) => close(opened, signal, resources),
  };
}
