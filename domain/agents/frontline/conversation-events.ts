import { MINUTE } from '../../clock.ts';
import { inTime } from '../../in-time.ts';
import { exactKeyword } from '../../opt-outs/keyword.ts';
import { Refused } from '../../refused.ts';
import { phoneAddress } from '../contacts/address.ts';
import { displayName } from '../contacts/contact.ts';
import { mergeAttributes } from './attributes.ts';
import {
  type CallbackHandler,
  missing,
  missingFields,
  notDone,
  ok,
  wantRefresh,
} from './callback.ts';
import { askParticipants, customersIn } from './conversation-record.ts';
import { MISS_INTERVAL } from './crm.ts';

/** Twilio waits 5 s for a pre-event callback, and then goes on as if we had agreed. */
const PRE_EVENT_LIMIT = 4000;
const POST_EVENT_LIMIT = 4000;
/** An unlikely clock: a message's own time is believed when it is not ahead of ours by more. */
const AHEAD = MINUTE;

/** Before a conversation begins: the customer's name for it. Naming never stands in the way of a message. */
const conversationAdd: CallbackHandler = async (deps, callback) => {
  const { form, tenantId } = callback;
  const address = form.get('MessagingBinding.Address');
  if (!address) return ok({});
  const number = phoneAddress(address)?.number;
  try {
    const contact =
      number === undefined
        ? undefined
        : await inTime(deps.copy.findByNumber(tenantId, number), deps.limit(PRE_EVENT_LIMIT));
    if (contact === undefined) await wantRefresh(deps, tenantId, MISS_INTERVAL);
    const before = form.get('Attributes') || '{}';
    return ok({
      friendly_name: contact === undefined ? address : displayName(contact),
      attributes: mergeAttributes(before, { avatar: contact?.avatar }) ?? before,
    });
  } catch {
    deps.observe.warn('a conversation was not named', { tenantId });
    return ok({});
  }
};

/**
 * Before a message is published: an agent's message to someone who opted out is refused. When that
 * cannot be known the answer is 503, which refuses it too: a message can be written again, but one
 * that went to someone who said STOP cannot be taken back.
 */
const messageAdd: CallbackHandler = async (deps, callback) => {
  const { form, tenantId } = callback;
  if (!form.get('ClientIdentity')) return ok({});
  const issues = missing(form, ['ConversationSid']);
  if (issues.length > 0) throw missingFields(issues);
  const conversationSid = form.get('ConversationSid') ?? '';
  const optedOut = async (numbers: readonly string[]): Promise<boolean> => {
    const said = await Promise.all(numbers.map((n) => deps.optOuts.isOptedOut(tenantId, n)));
    return said.includes(true);
  };

  const check: () => ReturnType<CallbackHandler> = async () => {
    const customers = await customersIn(deps, callback, conversationSid);
    if (customers.kind !== 'done') throw notDone(deps, callback, customers);
    if (!(await optedOut(customers.value.numbers))) return ok({});
    if (customers.value.remembered) {
      // The one who opted out may have left a group since: look before a message is refused.
      const answer = await askParticipants(deps, callback, conversationSid);
      const now =
        answer.kind === 'done' ? await customersIn(deps, callback, conversationSid) : answer;
      if (now.kind === 'done' && !(await optedOut(now.value.numbers))) return ok({});
    }
    deps.observe.count('opted_out', { reason: 'agent' });
    throw new Refused(451, 'OPTED_OUT', 'The customer has opted out.');
  };
  return inTime(check(), deps.limit(PRE_EVENT_LIMIT));
};

/** After a customer's message: STOP and START, in the record that campaigns respect too. */
const messageAdded: CallbackHandler = async (deps, callback) => {
  const { form, tenantId } = callback;
  if (form.get('ClientIdentity')) return ok({});
  const word = exactKeyword(form.get('Body') ?? '');
  const number = phoneAddress(form.get('Author') ?? '')?.number;
  if (number === undefined || (word !== 'STOP' && word !== 'START')) return ok({});
  const now = deps.clock();
  const said = Date.parse(form.get('DateCreated') ?? '');
  const at = Number.isNaN(said) || said > now + AHEAD ? now : said;
  if (word === 'STOP') await deps.optOuts.optOut(tenantId, number, 'conversation', at);
  else await deps.optOuts.optIn(tenantId, number, 'conversation', at);
  deps.observe.count('opted_out', { reason: word === 'STOP' ? 'stop' : 'start' });
  // The source shows it when it can; what counts is recorded.
  await deps.jobs.add({ kind: 'show-opt-out', tenantId, number });
  return ok({});
};

/** After a customer joins: who it is, for the agent's screen and for the checks before messages. */
const participantAdded: CallbackHandler = async (deps, callback) => {
  const { form, conversations, tenantId } = callback;
  const address = form.get('MessagingBinding.Address');
  if (!address || form.get('Identity')) return ok({});
  const issues = missing(form, ['ConversationSid', 'ParticipantSid']);
  if (issues.length > 0) throw missingFields(issues);
  const conversationSid = form.get('ConversationSid') ?? '';
  const participantSid = form.get('ParticipantSid') ?? '';
  const answer = await askParticipants(deps, callback, conversationSid);
  if (answer.kind !== 'done') throw notDone(deps, callback, answer);
  const participant = answer.value.find(({ id }) => id === participantSid);
  const number = phoneAddress(address)?.number;
  const contact = number === undefined ? undefined : await deps.copy.findByNumber(tenantId, number);
  if (contact === undefined) {
    await wantRefresh(deps, tenantId, MISS_INTERVAL);
    return ok({});
  }
  const attributes = mergeAttributes(participant?.attributes, {
    avatar: contact.avatar,
    customer_id: contact.id,
    display_name: displayName(contact),
  });
  if (participant === undefined || attributes === undefined) return ok({});
  const signal = deps.limit(POST_EVENT_LIMIT);
  const at = { conversationId: conversationSid, participantId: participant.id };
  const set = await conversations.setAttributes(at, attributes, signal);
  if (set.kind !== 'done') throw notDone(deps, callback, set);
  return ok({});
};

/** `onConversationAdded`, `onDeliveryUpdated`: events after the fact end in a past participle. */
const isPostEvent = (event: string): boolean => /^on[A-Z][A-Za-z]{2,60}ed$/.test(event);

const events: Readonly<Record<string, CallbackHandler>> = {
  onConversationAdd: conversationAdd,
  onMessageAdd: messageAdd,
  onMessageAdded: messageAdded,
  onParticipantAdded: participantAdded,
};

/** `twilio-conversations`: https://www.twilio.com/docs/conversations/conversations-webhooks */
export const conversationEvents: CallbackHandler = async (deps, callback) => {
  const event = callback.form.get('EventType') ?? '';
  const handler = Object.hasOwn(events, event) ? events[event] : undefined;
  // What has already happened cannot be refused; Twilio only wants to know that it was heard.
  if (handler === undefined && isPostEvent(event)) return ok({});
  if (handler === undefined) {
    throw new Refused(422, 'UNKNOWN_EVENT', 'This event type is not known.');
  }
  return handler(deps, callback);
};
