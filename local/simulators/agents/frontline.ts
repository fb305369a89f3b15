import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import * as z from 'zod';
import { SECOND } from '../../../domain/clock.ts';
import type { SimulatorContext } from '../options.ts';
import { type Answer, answer, type SimRequest, type Simulator } from '../simulator.ts';
import { accountsOf, type TwilioAccount } from '../twilio/accounts.ts';
import type { WebhookOutcome } from '../webhook-client.ts';
import type { AgentsWorld, Conversation } from './flex-account.ts';
import { type PreEventEffect, preEventEffect } from './frontline-pre-event.ts';

/** Twilio waits so long for a callback of Frontline or Conversations, and asks once. */
const PATIENCE = 5 * SECOND;

const customerSchema = z.object({
  from: z.string().min(1),
  to: z.string().min(1),
  body: z.string().min(1),
});
const agentSchema = z.object({
  conversation: z.string().min(1),
  worker: z.string().min(1),
  body: z.string().min(1),
});

/** Fields of a request, whether it came as JSON or as a form. */
function fieldsOf(body: string): Record<string, string> {
  if (!body.trim().startsWith('{')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const read = z.record(z.string(), z.coerce.string()).safeParse(JSON.parse(body));
    return read.data ?? {};
  } catch {
    return {};
  }
}

/**
 * Twilio as the caller of Frontline's callbacks: signs what a test or a person wants asked, and plays
 * whole conversations. `POST /frontline/{callback}` passes fields on; `POST /frontline/customer` and
 * `/frontline/agent` write a message as one of the two would.
 */
export function createFrontlineSimulator(context: SimulatorContext, world: AgentsWorld): Simulator {
  const call = (
    account: TwilioAccount,
    callback: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<WebhookOutcome> => {
    const url = `${context.connectorUrl() ?? ''}/frontline/${account.tenantId}/callbacks/${callback}`;
    const params = { AccountSid: account.accountSid, ...fields };
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': getExpectedTwilioSignature(account.authToken, url, { ...params }),
    };
    return context.webhooks.post(url, new URLSearchParams(params).toString(), headers, PATIENCE);
  };

  const event = (account: TwilioAccount, type: string, fields: Readonly<Record<string, string>>) =>
    call(account, 'twilio-conversations', { EventType: type, ...fields });

  /** A message that its pre-event callback lets pass is there, and then everyone is informed. */
  const publish = async (
    account: TwilioAccount,
    conversation: Conversation,
    author: string,
    body: string,
    identity: Readonly<Record<string, string>>,
  ): Promise<PreEventEffect> => {
    const fields = { ConversationSid: conversation.sid, Author: author, Body: body, ...identity };
    const pre = await event(account, 'onMessageAdd', fields);
    const effect = preEventEffect('onMessageAdd', pre);
    if (effect.kind === 'rejected') return effect;
    const changed = effect.kind === 'published-modified' ? effect.fields : {};
    const message = world.addMessage(conversation, changed.author ?? author, changed.body ?? body);
    await event(account, 'onMessageAdded', {
      ...fields,
      MessageSid: message.sid,
      Index: String(message.index),
      DateCreated: message.at,
    });
    return effect;
  };

  const begin = async (
    account: TwilioAccount,
    from: string,
    to: string,
    body: string,
  ): Promise<Conversation | undefined> => {
    const binding = { 'MessagingBinding.Address': from, 'MessagingBinding.ProxyAddress': to };
    const added = await event(account, 'onConversationAdd', { ...binding, MessageBody: body });
    const effect = preEventEffect('onConversationAdd', added);
    if (effect.kind === 'rejected') return undefined;
    const conversation = world.openConversation(account.accountSid, from, to);
    if (effect.kind === 'published-modified') {
      conversation.friendlyName = effect.fields.friendly_name ?? null;
      conversation.attributes = effect.fields.attributes ?? conversation.attributes;
    }
    const [customer] = conversation.participants;
    await event(account, 'onParticipantAdded', {
      ...binding,
      ConversationSid: conversation.sid,
      ParticipantSid: customer?.sid ?? '',
      'MessagingBinding.Type': from.startsWith('whatsapp:') ? 'WHATSAPP' : 'SMS',
    });
    await call(account, 'routing', { ...binding, ConversationSid: conversation.sid });
    return conversation;
  };

  const customer = async (account: TwilioAccount, body: string): Promise<Answer> => {
    const read = customerSchema.safeParse(fieldsOf(body));
    if (!read.success) return answer(422, { error: z.prettifyError(read.error) });
    const { from, to, body: text } = read.data;
    const conversation =
      world.bound(account.accountSid, from, to) ?? (await begin(account, from, to, text));
    if (conversation === undefined) return answer(409, { error: 'onConversationAdd refused it' });
    const effect = await publish(account, conversation, from, text, {});
    return answer(200, { conversation: shown(conversation), effect });
  };

  const agent = async (account: TwilioAccount, body: string): Promise<Answer> => {
    const read = agentSchema.safeParse(fieldsOf(body));
    if (!read.success) return answer(422, { error: z.prettifyError(read.error) });
    const conversation = world.conversations.get(read.data.conversation);
    if (!conversation) return answer(404, { error: 'There is no such conversation' });
    const { worker, body: text } = read.data;
    const effect = await publish(account, conversation, worker, text, { ClientIdentity: worker });
    return answer(200, { conversation: shown(conversation), effect });
  };

  return {
    name: 'frontline',
    // What is passed on belongs to the caller, not to the simulated company.
    creates: () => false,
    handle: async (request: SimRequest) => {
      const accounts = accountsOf(context.secrets());
      const wanted = request.query.get('tenant');
      const account = accounts.find(({ tenantId }) => !wanted || tenantId === wanted);
      if (!account) return answer(404, { error: 'There is no such tenant' });
      const callback = request.path.slice(1);
      if (request.method !== 'POST') return answer(405, { error: 'POST only' });
      if (callback === 'customer') return customer(account, request.body);
      if (callback === 'agent') return agent(account, request.body);
      const fields = fieldsOf(request.body);
      const outcome = await call(account, callback, fields);
      const effect = fields.EventType?.match(/Add$/)
        ? { effect: preEventEffect(fields.EventType, outcome) }
        : {};
      if (outcome.kind !== 'answered') return answer(504, { outcome: outcome.kind, ...effect });
      const age = outcome.headers['x-contacts-age'];
      return answer(200, {
        status: outcome.status,
        ...(age === undefined ? {} : { contactsAge: age }),
        answer: parsed(outcome.body),
        ...effect,
      });
    },
    errorAnswer: (status) => answer(status, { error: 'Simulated' }),
    close: () => {},
  };
}

const shown = (conversation: Conversation) => ({
  sid: conversation.sid,
  friendlyName: conversation.friendlyName,
  participants: conversation.participants,
  messages: conversation.messages,
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
