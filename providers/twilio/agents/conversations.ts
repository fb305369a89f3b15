import * as z from 'zod';
import { done } from '../../../domain/agents/answered.ts';
import type { ConversationsApi, Participant } from '../../../domain/agents/frontline/ports.ts';
import { frontlineSettings } from '../../../domain/agents/settings.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { type AgentApi, path } from './api.ts';

/** A conversation with more participants than this on a page is not one of an agent with customers. */
const PAGE_SIZE = '100';
/** Twilio's code for an identity that takes part already (HTTP 409). */
const ALREADY_THERE = '50433';

const anything = z.unknown();
const participantsSchema = z.object({
  participants: z.array(
    z.object({
      sid: z.string(),
      identity: z.string().nullish(),
      attributes: z.string().nullish(),
      messaging_binding: z.object({ address: z.string().nullish() }).loose().nullish(),
    }),
  ),
});

const baseOf = (secret: TenantSecret): string => {
  const read = frontlineSettings(secret);
  return read.ok ? read.settings.twilio_conversations_api_url : 'https://conversations.twilio.com';
};

/** Conversations v1. https://www.twilio.com/docs/conversations/api */
export function conversations(api: AgentApi): ConversationsApi {
  return {
    participants: async (secret, conversationSid, signal) => {
      const answer = await api(
        secret,
        {
          method: 'GET',
          base: baseOf(secret),
          path: path`/v1/Conversations/${conversationSid}/Participants`,
          query: { PageSize: PAGE_SIZE },
        },
        participantsSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      return done(
        answer.value.participants.map(
          ({ sid, identity, attributes, messaging_binding }): Participant => ({
            sid,
            ...(identity ? { identity } : {}),
            ...(messaging_binding?.address ? { address: messaging_binding.address } : {}),
            attributes: attributes || '{}',
          }),
        ),
      );
    },
    addWorker: async (secret, conversationSid, identity, signal) => {
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: baseOf(secret),
          path: path`/v1/Conversations/${conversationSid}/Participants`,
          form: { Identity: identity },
        },
        anything,
        signal,
      );
      const there =
        answer.kind === 'refused' && (answer.code === ALREADY_THERE || answer.status === 409);
      return answer.kind === 'done' || there ? done(null) : answer;
    },
    setAttributes: async (secret, conversationSid, participantSid, attributes, signal) => {
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: baseOf(secret),
          path: path`/v1/Conversations/${conversationSid}/Participants/${participantSid}`,
          form: { Attributes: attributes },
        },
        anything,
        signal,
      );
      return answer.kind === 'done' ? done(null) : answer;
    },
  };
}
