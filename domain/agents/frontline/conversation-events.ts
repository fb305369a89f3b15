import { MINUTE } from '../../clock.ts';
import { inTime } from '../../in-time.ts';
import { exactKeyword } from '../../opt-outs/keyword.ts';
import { Refused } from '../../refused.ts';
import { phoneAddress } from '../contacts/address.ts';
import { displayName } from '../contacts/contact.ts';
import { mergeAttributes } from './attributes.ts';
import {
  type Callback,
  type CallbackHandler,
  type FrontlineDeps,
  notDone,
  ok,
  requireFields,
} from './callback.ts';
import { requestRefresh } from './contacts-age.ts';
import { askParticipants, customersIn } from './conversation-record.ts';

/** The platform waits 5 s for the answer to an event that is about to happen, and then lets it happen. */
const PRE_EVENT_LIMIT = 4000;
const POST_EVENT_LIMIT = 4000;
/** A message's own time is used unless it is ahead of our clock by more than this. */
const AHEAD = MINUTE;

/** A conversation starts: gives it the customer's name. Never refuses it. */
export const conversationStarts: CallbackHandler = async (callback, deps) => {
  const { field, tenantId } = callback;
  const address = field('address');
  if (!address) return ok({});
  const number = phoneAddress(address)?.number;
  try {
    const contact =
      number === undefined
        ? undefined
        : await inTime(deps.copy.findByNumber(tenantId, number), deps.limit(PRE_EVENT_LIMIT));
    if (contact === undefined) await requestRefresh(callback, deps);
    const before = field('attributes') || '{}';
    return ok({
      friendly_name: contact === undefined ? address : displayName(contact),
      attributes: mergeAttributes(before, { avatar: contact?.avatar }) ?? before,
    });
  } catch {
    deps.observe.warn('a conversation was not named', { tenantId });
    return ok({});
  }
};

/** Whether a customer in the conversation has opted out. Asks who takes part before it says so. */
async function hasOptedOut(
  conversationId: string,
  callback: Callback,
  deps: FrontlineDeps,
): Promise<boolean> {
  const isAnyOptedOut = async (numbers: readonly string[]): Promise<boolean> => {
    const states = await Promise.all(
      numbers.map((number) => deps.optOuts.isOptedOut(callback.tenantId, number)),
    );
    return states.includes(true);
  };
  const customers = await customersIn(conversationId, callback, deps);
  if (customers.kind !== 'done') throw notDone(callback, customers, deps);
  if (!(await isAnyOptedOut(customers.value.numbers))) return false;
  if (!customers.value.remembered) return true;
  // The customer who opted out may have left a group since.
  const answer = await askParticipants(conversationId, callback, deps);
  const now = answer.kind === 'done' ? await customersIn(conversationId, callback, deps) : answer;
  return now.kind !== 'done' || isAnyOptedOut(now.value.numbers);
}

/**
 * A message is about to be published: refuses an agent's message to a customer who opted out. If that cannot
 * be determined, the answer is 503, which refuses it too: a message can be written again, but one to a
 * customer who sent STOP cannot be taken back.
 */
export const messageStarts: CallbackHandler = async (callback, deps) => {
  const { field } = callback;
  if (!field('agent')) return ok({});
  requireFields(callback, ['conversationId']);
  const check = hasOptedOut(field('conversationId'), callback, deps);
  if (!(await inTime(check, deps.limit(PRE_EVENT_LIMIT)))) return ok({});
  deps.observe.count('opted_out', { reason: 'agent' });
  throw new Refused(451, 'OPTED_OUT', 'The customer has opted out.');
};

/** A customer has written: STOP and START are recorded where campaigns respect them too. */
export const messageAdded: CallbackHandler = async ({ field, tenantId }, deps) => {
  if (field('agent')) return ok({});
  const keyword = exactKeyword(field('body'));
  const number = phoneAddress(field('author'))?.number;
  if (number === undefined || (keyword !== 'STOP' && keyword !== 'START')) return ok({});
  const now = deps.clock();
  const sentAt = Date.parse(field('createdAt'));
  const at = Number.isNaN(sentAt) || sentAt > now + AHEAD ? now : sentAt;
  if (keyword === 'STOP') await deps.optOuts.optOut(tenantId, number, 'conversation', at);
  else await deps.optOuts.optIn(tenantId, number, 'conversation', at);
  deps.observe.count('opted_out', { reason: keyword === 'STOP' ? 'stop' : 'start' });
  // The opt-out is recorded; the source of the contacts shows it when it can.
  await deps.jobs.add({ kind: 'show-opt-out', tenantId, number });
  return ok({});
};

/** A customer has joined: adds who it is, for the agent's screen. */
export const participantAdded: CallbackHandler = async (callback, deps) => {
  const { conversations, field, tenantId } = callback;
  const address = field('address');
  if (!address || field('identity')) return ok({});
  requireFields(callback, ['conversationId', 'participantId']);
  const at = { conversationId: field('conversationId'), participantId: field('participantId') };
  const answer = await askParticipants(at.conversationId, callback, deps);
  if (answer.kind !== 'done') throw notDone(callback, answer, deps);
  const participant = answer.value.find(({ id }) => id === at.participantId);
  const number = phoneAddress(address)?.number;
  const contact = number === undefined ? undefined : await deps.copy.findByNumber(tenantId, number);
  if (contact === undefined) {
    await requestRefresh(callback, deps);
    return ok({});
  }
  const attributes = mergeAttributes(participant?.attributes, {
    avatar: contact.avatar,
    customer_id: contact.id,
    display_name: displayName(contact),
  });
  if (participant === undefined || attributes === undefined) return ok({});
  const set = await conversations.setAttributes(at, attributes, deps.limit(POST_EVENT_LIMIT));
  if (set.kind !== 'done') throw notDone(callback, set, deps);
  return ok({});
};
