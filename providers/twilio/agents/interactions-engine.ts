import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { interactionsSettings } from '../../../domain/agents/settings.ts';
import type { FlexEngine, Interaction, InteractionsApi, LeftOpen, Opened } from '../../../domain/agents/flex/engine.ts';

/** Statuses of an interaction's channel in which nobody is served any more. */
const over = new Set(['closed', 'failed']);
/** Times to ask for the conversation, which Twilio opens after it has answered, and the wait between. */
const ASKS = 4;
const ASK_EVERY = 300;

/** Twilio's code when the pair of addresses has an active conversation. */
const BOUND = '50416';

const refOf = ({ sids }: Opened) => ({
  interactionSid: sids.interaction ?? '',
  channelSid: sids.channel ?? '',
});

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
      // What a Proxy session did before, the interaction's channel does now.
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

/** Flex Conversations: an interaction that the agent begins. */
export function interactionsEngine(
  api: InteractionsApi,
  wait: (ms: number) => Promise<void>,
): FlexEngine {
  /** Twilio's first answer says only that it will try: asks until there is a conversation, or a reason for none. */
  const settled = async (
    interaction: Interaction,
    secret: TenantSecret,
    signal: AbortSignal,
  ): Promise<Answered<Interaction>> => {
    let known = interaction;
    for (let asked = 0; asked < ASKS; asked++) {
      if (asked > 0) await wait(ASK_EVERY);
      const answer = await api.channel(secret, interaction, signal);
      if (answer.kind !== 'done') continue;
      const { status, errorCode, conversationSid, taskSid } = answer.value;
      if (over.has(status)) {
        return { kind: 'refused', status: 502, code: errorCode ?? `interaction-${status}` };
      }
      known = {
        ...known,
        ...(conversationSid ? { conversationSid } : {}),
        ...(taskSid ? { taskSid } : {}),
      };
      if (known.conversationSid !== undefined) break;
    }
    return done(known);
  };

  const close = async (
    opened: Opened,
    secret: TenantSecret,
    signal: AbortSignal,
  ): Promise<readonly LeftOpen[]> => {
    const ref = refOf(opened);
    const closed = await api.closeChannel(secret, ref, signal);
    const gone = closed.kind === 'done' || (closed.kind === 'refused' && closed.status === 404);
    return gone ? [] : [{ kind: 'interaction', sid: ref.interactionSid }];
  };

  return {
    open: async (request, { secret, signal, progress }) => {
      const read = interactionsSettings(secret);
      if (!read.ok) return { kind: 'misconfigured', status: 500, issue: read.issue };
      const created = await api.create(secret, request, signal);
      if (created.kind === 'refused' && (created.code === BOUND || created.status === 409)) {
        return {
          kind: 'taken',
          ...(created.reference ? { reference: created.reference } : {}),
        };
      }
      if (created.kind !== 'done') {
        return { kind: 'failed', step: 'Interaction', why: created, leftOpen: [] };
      }
      await progress(openedOf(created.value));
      const answer = await settled(created.value, secret, signal);
      if (answer.kind !== 'done') {
        return { kind: 'failed', step: 'Interaction', why: answer, leftOpen: [] };
      }
      return { kind: 'opened', opened: openedOf(answer.value) };
    },
    isOpen: async (opened, secret, signal) => {
      const answer = await api.channel(secret, refOf(opened), signal);
      if (answer.kind === 'refused' && answer.status === 404) return done(false);
      return answer.kind === 'done' ? done(!over.has(answer.value.status)) : answer;
    },
    say: async (opened, body, secret, signal) => {
      const conversationSid = opened.sids.conversation;
      return conversationSid === undefined
        ? { kind: 'busy', code: 'no-conversation-yet', retryAfterSeconds: 2 }
        : api.addMessage(secret, conversationSid, body, signal);
    },
    close,
    sendDirectly: (message, secret, signal) => api.sendMessage(secret, message, signal),
  };
}
