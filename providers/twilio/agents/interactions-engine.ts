import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import type {
  FlexEngine,
  FlexTenant,
  OpenContext,
  Opened,
  OpenRequest,
  OpenResult,
} from '../../../domain/agents/flex/engine.ts';
import { type AgentApi, noSettings } from './api.ts';
import { type Interaction, type Interactions, interactions } from './interactions.ts';
import { sendPlainMessage } from './plain-message.ts';
import { isNotFound } from './resource.ts';
import { interactionsSettings } from './settings.ts';

/** Statuses of an interaction's channel that has ended. */
const endedStatuses = new Set(['closed', 'failed']);
/** Twilio creates the conversation after it has responded: how often to ask for it, and the wait in between. */
const ASKS = 4;
const ASK_EVERY = 300;

/** Twilio's code for a pair of addresses that already has an active conversation. */
const PAIR_IN_USE = '50416';

const sidsSchema = z.object({
  interaction: z.string(),
  channel: z.string(),
  conversation: z.string().optional(),
});

/** What this engine opened; undefined for what another one did. */
function refOf({ sids }: Opened) {
  const own = sidsSchema.safeParse(sids).data;
  return (
    own && {
      interactionSid: own.interaction,
      channelSid: own.channel,
      ...(own.conversation ? { conversationSid: own.conversation } : {}),
    }
  );
}

function openedOf(interaction: Interaction): Opened {
  const { interactionSid, channelSid, conversationSid, taskSid } = interaction;
  return {
    engine: 'interactions',
    sids: {
      interaction: interactionSid,
      channel: channelSid,
      ...(conversationSid ? { conversation: conversationSid } : {}),
      ...(taskSid ? { task: taskSid } : {}),
    },
    shown: {
      chatChannel: { sid: conversationSid ?? null, taskSid: taskSid ?? null, status: 'ACTIVE' },
      // The interaction's channel has replaced the Proxy session.
      proxySession: {
        sid: channelSid,
        uniqueName: conversationSid ?? null,
        status: 'open',
        mode: 'message-only',
      },
      interaction: { sid: interactionSid, channelSid },
    },
  };
}

/** Twilio's first response only says that it will try. Asks until there is a conversation, or an error. */
async function awaitConversation(
  interaction: Interaction,
  api: Interactions,
  wait: (ms: number) => Promise<void>,
  signal: AbortSignal,
): Promise<Answered<Interaction>> {
  let known = interaction;
  for (let asks = 0; asks < ASKS; asks++) {
    if (asks > 0) await wait(ASK_EVERY);
    const answer = await api.channel(interaction, signal);
    if (answer.kind !== 'done') continue;
    const { status, errorCode, ...task } = answer.value;
    if (endedStatuses.has(status)) {
      return { kind: 'refused', status: 502, code: errorCode ?? `interaction-${status}` };
    }
    known = { ...known, ...task };
    if (known.conversationSid !== undefined) break;
  }
  return done(known);
}

/** The result of a step that was not done, while nothing is open. */
function failedAt(why: Exclude<Answered<never>, { kind: 'done' }>): OpenResult {
  if (why.kind === 'refused' && (why.code === PAIR_IN_USE || why.status === 409)) {
    const { conversationId } = why;
    return { kind: 'taken', code: PAIR_IN_USE, ...(conversationId ? { conversationId } : {}) };
  }
  return { kind: 'failed', step: 'Interaction', why, leftOpen: [] };
}

/** Flex Conversations: an interaction that the agent starts. */
export function interactionsEngine(
  { secret, credentials }: FlexTenant,
  agentApi: AgentApi,
  wait: (ms: number) => Promise<void>,
): FlexEngine {
  const api = interactions(agentApi(credentials, interactionsSettings));
  const askAccount = agentApi(credentials, noSettings);

  const open = async (
    request: OpenRequest,
    { signal, progress }: OpenContext,
  ): Promise<OpenResult> => {
    const read = interactionsSettings(secret);
    if (!read.ok) return { kind: 'misconfigured', issue: read.issue };
    const created = await api.create(request, signal);
    if (created.kind !== 'done') return failedAt(created);
    await progress(openedOf(created.value));
    const answer = await awaitConversation(created.value, api, wait, signal);
    return answer.kind === 'done'
      ? { kind: 'opened', opened: openedOf(answer.value) }
      : { kind: 'failed', step: 'Interaction', why: answer, leftOpen: [] };
  };

  return {
    open,
    isOpen: async (opened, signal) => {
      const ref = refOf(opened);
      if (ref === undefined) return done(false);
      const answer = await api.channel(ref, signal);
      if (isNotFound(answer)) return done(false);
      return answer.kind === 'done' ? done(!endedStatuses.has(answer.value.status)) : answer;
    },
    say: async (opened, body, signal) => {
      const conversationSid = refOf(opened)?.conversationSid;
      return conversationSid === undefined
        ? { kind: 'busy', code: 'no-conversation-yet', retryAfterSeconds: 2 }
        : api.addMessage(conversationSid, body, signal);
    },
    close: async (opened, signal) => {
      const ref = refOf(opened);
      if (ref === undefined) return [];
      const closed = await api.closeChannel(ref, signal);
      const gone = closed.kind === 'done' || isNotFound(closed);
      return gone ? [] : [{ kind: 'interaction', sid: ref.interactionSid }];
    },
    sendDirectly: (message, signal) => sendPlainMessage(message, askAccount, signal),
  };
}
