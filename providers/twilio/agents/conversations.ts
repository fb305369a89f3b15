import * as z from 'zod';
import { done } from '../../../domain/agents/answered.ts';
import type { ConversationsOf, Participant } from '../../../domain/agents/frontline/ports.ts';
import { type AgentApi, path } from './api.ts';
import { type ConversationsSettings, conversationsSettings } from './settings.ts';

/** A conversation between an agent and customers has fewer participants than this page. */
const PAGE_SIZE = '100';
/** Twilio's code for an identity that already takes part (HTTP 409). */
const ALREADY_THERE = '50433';

const participantsSchema = z.object({
  participants: z.array(
    z
      .object({
        sid: z.string(),
        identity: z.string().nullish(),
        attributes: z.string().nullish(),
        messaging_binding: z.object({ address: z.string().nullish() }).loose().nullish(),
      })
      .transform(
        ({ sid, identity, attributes, messaging_binding }): Participant => ({
          id: sid,
          ...(identity ? { identity } : {}),
          ...(messaging_binding?.address ? { address: messaging_binding.address } : {}),
          attributes: attributes || '{}',
        }),
      ),
  ),
});

const participantsAt =
  (conversationId: string) =>
  ({ twilio_conversations_api_url }: ConversationsSettings) => ({
    base: twilio_conversations_api_url,
    path: path`/v1/Conversations/${conversationId}/Participants`,
  });

/** Conversations v1. https://www.twilio.com/docs/conversations/api */
export const conversations =
  (api: AgentApi): ConversationsOf =>
  (credentials) => {
    const ask = api(credentials, conversationsSettings);
    return {
      participants: async (conversationId, signal) => {
        const at = participantsAt(conversationId);
        const answer = await ask(
          (settings) => ({ method: 'GET', ...at(settings), query: { PageSize: PAGE_SIZE } }),
          participantsSchema,
          signal,
        );
        return answer.kind === 'done' ? done(answer.value.participants) : answer;
      },
      addWorker: async (conversationId, identity, signal) => {
        const at = participantsAt(conversationId);
        const answer = await ask(
          (settings) => ({ method: 'POST', ...at(settings), form: { Identity: identity } }),
          z.unknown(),
          signal,
        );
        const isThere =
          answer.kind === 'refused' && (answer.code === ALREADY_THERE || answer.status === 409);
        return answer.kind === 'done' || isThere ? done(null) : answer;
      },
      setAttributes: async ({ conversationId, participantId }, attributes, signal) => {
        const answer = await ask(
          ({ twilio_conversations_api_url }) => ({
            method: 'POST',
            base: twilio_conversations_api_url,
            path: path`/v1/Conversations/${conversationId}/Participants/${participantId}`,
            form: { Attributes: attributes },
          }),
          z.unknown(),
          signal,
        );
        return answer.kind === 'done' ? done(null) : answer;
      },
    };
  };
