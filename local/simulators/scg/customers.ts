import type { MessageStore } from '../message-store.ts';
import { optOutWord } from '../opt-out-words.ts';
import type { SimulatorContext } from '../options.ts';
import type { Reply, ReplyResult } from '../simulator.ts';
import type { ScgApplication } from './applications.ts';
import { envelope, moFields, sendEvent } from './events.ts';
import { customerKey, newScgId, type ScgMessage, withoutPrefix } from './message.ts';

/** The people at the other end: they answer, and they opt out and in. */
export function createCustomers(
  context: SimulatorContext,
  store: MessageStore<ScgMessage>,
  applications: () => readonly ScgApplication[],
) {
  const optOuts = new Set<string>();

  async function reply(given: Reply): Promise<ReplyResult> {
    const application = applicationFor(given);
    const connector = context.connectorUrl();
    if (!application || !connector) return { messageId: '', status: undefined };
    const now = context.clock();
    const message = inbound(application.tenantId, given, now);
    store.put(message);
    noteOptOut(message);
    const fields = { ...moFields(message), ...given.fields };
    const payload = given.flat ? () => fields : envelope('mo_message_received', fields, now);
    const outcome = await sendEvent(context.webhooks, application, connector, payload);
    return {
      messageId: message.messageId,
      status: outcome.kind === 'answered' ? outcome.status : undefined,
    };
  }

  /** The tenant that is asked for, else the one that last wrote from this sender to this customer, else the first. */
  function applicationFor({ from: customer, to: sender, tenant }: Reply) {
    const known = applications();
    if (tenant !== undefined) return known.find(({ tenantId }) => tenantId === tenant);
    const last = [...store.withKey(customerKey(customer))].findLast(
      ({ direction, from }) => direction === 'MT' && withoutPrefix(from) === withoutPrefix(sender),
    );
    return known.find(({ tenantId }) => tenantId === last?.tenantId) ?? known[0];
  }

  function noteOptOut({ tenantId, from, to, body }: ScgMessage): void {
    const word = optOutWord(body);
    if (word === 'STOP') optOuts.add(pair(tenantId, to, from));
    if (word === 'START') optOuts.delete(pair(tenantId, to, from));
  }

  // What they said before a restart holds.
  for (const message of store.all()) if (message.direction === 'MO') noteOptOut(message);

  return {
    reply,
    hasOptedOut: (tenantId: string, sender: string, customer: string): boolean =>
      optOuts.has(pair(tenantId, sender, customer)),
  };
}

/** A reply does not name its channel, so the customer's address counts without its prefix. */
const pair = (tenantId: string, sender: string, customer: string): string =>
  JSON.stringify([tenantId, withoutPrefix(sender), customerKey(customer)]);

const inbound = (tenantId: string, reply: Reply, now: number): ScgMessage => ({
  messageId: newScgId(),
  requestId: '',
  tenantId,
  direction: 'MO',
  from: reply.from,
  to: reply.to,
  body: reply.body,
  mediaUrls: [...(reply.mediaUrls ?? [])],
  externalId: '',
  state: 'RECEIVED',
  failureCode: null,
  failureDetails: null,
  createdAt: now,
  sentAt: null,
  deliveredAt: null,
  plan: [],
  reached: 0,
  callbacks: 'never',
});
