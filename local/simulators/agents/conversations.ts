import type { SimulatorContext } from '../options.ts';
import { answer, type Simulator } from '../simulator.ts';
import { twilioError } from '../twilio/errors.ts';
import { type AgentsWorld, type Conversation, newSid, type Participant } from './flex-account.ts';
import { notFound, paged, partError, twilioPart } from './twilio-part.ts';

const shownParticipant = (conversation: Conversation, participant: Participant) => ({
  sid: participant.sid,
  conversation_sid: conversation.sid,
  account_sid: conversation.accountSid,
  identity: participant.identity,
  messaging_binding: participant.binding,
  attributes: participant.attributes,
});

const shownConversation = (conversation: Conversation) => ({
  sid: conversation.sid,
  account_sid: conversation.accountSid,
  friendly_name: conversation.friendlyName,
  attributes: conversation.attributes,
  state: conversation.state,
});

/** Conversations v1. https://www.twilio.com/docs/conversations/api */
export function createConversationsSimulator(
  context: SimulatorContext,
  world: AgentsWorld,
): Simulator {
  const of = (accountSid: string, sid: string | undefined): Conversation | undefined => {
    const conversation = world.conversations.get(sid ?? '');
    return conversation?.accountSid === accountSid ? conversation : undefined;
  };
  const participants = /^\/v1\/Conversations\/(CH\w{32})\/Participants$/;
  return twilioPart(
    'conversations',
    context,
    [
      [
        'GET',
        /^\/v1\/Conversations\/(CH\w{32})$/,
        ({ account, sids }) => {
          const conversation = of(account.accountSid, sids[0]);
          return conversation ? answer(200, shownConversation(conversation)) : notFound();
        },
      ],
      [
        'GET',
        participants,
        ({ account, sids, query }) => {
          const conversation = of(account.accountSid, sids[0]);
          if (!conversation) return notFound();
          const all = conversation.participants.map((one) => shownParticipant(conversation, one));
          const path = `/v1/Conversations/${conversation.sid}/Participants`;
          return paged(all, 'participants', query, path);
        },
      ],
      [
        'POST',
        participants,
        ({ account, sids, form }) => {
          const conversation = of(account.accountSid, sids[0]);
          if (!conversation) return notFound();
          const identity = form.get('Identity');
          const address = form.get('MessagingBinding.Address');
          if (!identity && !address) return twilioError(20001);
          if (identity && conversation.participants.some((one) => one.identity === identity)) {
            return partError(409, 50433, 'Participant already exists');
          }
          const proxy = form.get('MessagingBinding.ProxyAddress') ?? '';
          const participant = address
            ? world.customer(address, proxy)
            : { sid: newSid('MB'), identity, binding: null, attributes: '{}' };
          conversation.participants.push(participant);
          return answer(201, shownParticipant(conversation, participant));
        },
      ],
      [
        'POST',
        /^\/v1\/Conversations\/(CH\w{32})\/Participants\/(MB\w{32})$/,
        ({ account, sids, form }) => {
          const conversation = of(account.accountSid, sids[0]);
          const participant = conversation?.participants.find(({ sid }) => sid === sids[1]);
          if (!conversation || !participant) return notFound();
          participant.attributes = form.get('Attributes') ?? participant.attributes;
          return answer(200, shownParticipant(conversation, participant));
        },
      ],
      [
        'POST',
        /^\/v1\/Conversations\/(CH\w{32})\/Messages$/,
        ({ account, sids, form }) => {
          const conversation = of(account.accountSid, sids[0]);
          if (!conversation) return notFound();
          if (conversation.state === 'closed') {
            return partError(400, 50353, 'Conversation is closed');
          }
          const body = form.get('Body') ?? '';
          if (body === '' || body.length > 1600) return twilioError(20001);
          const message = world.addMessage(conversation, form.get('Author') ?? 'system', body);
          return answer(201, {
            sid: message.sid,
            conversation_sid: conversation.sid,
            account_sid: conversation.accountSid,
            index: message.index,
            author: message.author,
            body: message.body,
            participant_sid: null,
            delivery: null,
            date_created: message.at,
          });
        },
      ],
    ],
    { accepted: () => world.conversations.values() },
  );
}
