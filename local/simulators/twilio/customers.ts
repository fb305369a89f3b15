import { DAY } from '../../../domain/clock.ts';
import { behaviourOf } from '../magic-numbers.ts';
import type { MessageStore } from '../message-store.ts';
import { optOutWord } from '../opt-out-words.ts';
import type { SimulatorContext } from '../options.ts';
import type { Reply, ReplyResult } from '../simulator.ts';
import type { TwilioAccount } from './accounts.ts';
import { newSid, type TwilioMessage } from './message.ts';
import { messageTextsOf } from './twiml.ts';
import { callWebhook, inboundParams } from './webhooks.ts';

/** The webhook of a number is set with these, as the README says: without, an answer 5xx loses the reply. */
const retries = '#rc=5&rp=all';

/** The people at the other end: they answer, and they opt out and in. */
export function createCustomers(
  context: SimulatorContext,
  store: MessageStore<TwilioMessage>,
  accounts: () => readonly TwilioAccount[],
) {
  const optOuts = new Set<string>();
  /** When each customer last wrote to each sender. */
  const lastWrote = new Map<string, number>();

  async function reply(given: Reply): Promise<ReplyResult> {
    const account = accountFor(given);
    const connector = context.connectorUrl();
    if (!account || !connector) return { messageId: '', status: undefined };
    const message = inbound(account, given, context.clock());
    store.put(message);
    note(message);
    const url = `${connector}/webhooks/twilio/${encodeURIComponent(account.tenantId)}/inbound${retries}`;
    const params = inboundParams(message, given.fields ?? {});
    const outcome = await callWebhook(context.webhooks, account, url, params);
    if (outcome.kind !== 'answered') return { messageId: message.sid, status: undefined };
    for (const text of messageTextsOf(outcome.body)) store.put(answerTo(message, text));
    return { messageId: message.sid, status: outcome.status };
  }

  /** The account that is asked for, else the one that last wrote from this sender to this customer, else the first. */
  function accountFor({ from: customer, to: sender, tenant }: Reply): TwilioAccount | undefined {
    const known = accounts();
    if (tenant !== undefined) return known.find(({ tenantId }) => tenantId === tenant);
    const last = [...store.withKey(customer)].findLast(({ from }) => from === sender);
    return known.find(({ accountSid }) => accountSid === last?.accountSid) ?? known[0];
  }

  function note({ accountSid, from, to, body, createdAt }: TwilioMessage): void {
    const word = optOutWord(body);
    const key = pair(accountSid, to, from ?? '');
    lastWrote.set(key, createdAt);
    if (word === 'STOP') optOuts.add(key);
    if (word === 'START') optOuts.delete(key);
  }

  // What they said before a restart holds.
  for (const message of store.all()) if (message.direction === 'inbound') note(message);

  return {
    reply,
    hasOptedOut: (accountSid: string, sender: string, customer: string): boolean =>
      optOuts.has(pair(accountSid, sender, customer)),
    /**
     * Whether the customer has written to the sender in the last 24 hours. Those who read messages are in
     * conversation with everybody who writes to them.
     */
    hasWrittenLately: (accountSid: string, sender: string, customer: string): boolean => {
      const at = lastWrote.get(pair(accountSid, sender, customer));
      const isRecent = at !== undefined && context.clock() - at < DAY;
      return isRecent || behaviourOf(customer) === 'reads';
    },
  };
}

const pair = (accountSid: string, sender: string, customer: string): string =>
  JSON.stringify([accountSid, sender, customer]);

const inbound = (account: TwilioAccount, reply: Reply, now: number): TwilioMessage => ({
  sid: newSid(reply.mediaUrls?.length ? 'MM' : 'SM'),
  tenantId: account.tenantId,
  accountSid: account.accountSid,
  messagingServiceSid: null,
  from: reply.from,
  to: reply.to,
  body: reply.body,
  mediaUrls: [...(reply.mediaUrls ?? [])],
  direction: 'inbound',
  status: 'received',
  errorCode: null,
  createdAt: now,
  sentAt: now,
  updatedAt: now,
  plan: [],
  reached: 0,
  callbacks: 'never',
});

/** What Twilio sends for a <Message> in the answer to an inbound message. */
const answerTo = (message: TwilioMessage, text: string): TwilioMessage => ({
  ...message,
  sid: newSid('SM'),
  from: message.to,
  to: message.from ?? '',
  body: text,
  mediaUrls: [],
  direction: 'outbound-reply',
  status: 'sent',
});
