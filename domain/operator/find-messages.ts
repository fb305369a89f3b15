import { hasTerm, type SearchPosition, type Term } from '../campaigns/message-terms.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { historyOf } from '../delivery/history.ts';
import type { FailedRequest } from '../failed-requests/failed-request.ts';
import { deliveryIdOf } from '../outbound/message-request.ts';
import { readNumber } from '../outbound/phone-number.ts';
import { conflict } from '../refused.ts';
import { Unavailable } from '../unavailable.ts';
import type {
  FoundMessageAnswer,
  FoundMessagesAnswer,
  MessageStoryAnswer,
} from './answers/messages.ts';
import type { OperatorDeps } from './deps.ts';

export type SearchDeps = Pick<OperatorDeps, 'messages' | 'facts' | 'settings' | 'clock'>;

const iso = (ms: number): string => new Date(ms).toISOString();

const viewOf = (delivery: Delivery): FoundMessageAnswer => ({
  guid: delivery.guid,
  tenantId: delivery.tenantId,
  taskId: delivery.taskId,
  externalCode: delivery.externalCode,
  identityId: delivery.identityId,
  status: delivery.status,
  provider: delivery.provider,
  channel: delivery.channel,
  providerMessageId: delivery.providerMessageId ?? null,
  error: delivery.lastError
    ? { class: delivery.lastError.class, code: delivery.lastError.code }
    : null,
  createdAt: iso(delivery.createdAt),
  sentAt: delivery.sentAt === undefined ? null : iso(delivery.sentAt),
});

/** What a message is searched by; `number` as a person writes it. */
export type Wanted = { readonly kind: Term['kind'] | 'guid'; readonly value: string };

async function termOf(tenantId: string, wanted: Term, deps: SearchDeps): Promise<Term> {
  if (wanted.kind !== 'number') return wanted;
  const reading = readNumber(wanted.value, deps.settings.numbering);
  const address = reading.kind === 'number' ? reading.e164 : wanted.value;
  const hash = await deps.messages.hashAddress?.(tenantId, address);
  if (hash === undefined) throw new Unavailable('address-hash');
  return { kind: 'number', value: hash };
}

/** A page of the deliveries that have a term, each looked at: the index knows short hashes only. */
async function pageOf(
  tenantId: string,
  term: Term,
  { limit, from }: { readonly limit: number; readonly from: SearchPosition | undefined },
  deps: SearchDeps,
) {
  const { index } = deps.messages;
  if (index === undefined)
    throw conflict('Messages cannot be searched for: message_search is off.');
  const found = new Map<string, Delivery>();
  let batch: string[] = [];
  let position: SearchPosition | undefined;
  const until = deps.clock() + deps.settings.budgetMs;
  const look = async () => {
    const ids = batch.map((guid) => deliveryIdOf({ tenantId, guid }));
    batch = [];
    for (const delivery of (await deps.facts.deliveries(ids)).values()) {
      if (hasTerm(delivery, term)) found.set(delivery.guid, delivery);
    }
  };
  for await (const { guid, next } of index.find(tenantId, term, from)) {
    if (!found.has(guid) && !batch.includes(guid)) batch.push(guid);
    position = next;
    if (found.size + batch.length < limit) continue;
    await look();
    if (found.size >= limit || deps.clock() > until) {
      return { deliveries: [...found.values()], next: position };
    }
  }
  await look();
  return { deliveries: [...found.values()], next: undefined };
}

/** Finds messages of a tenant; those of one page are in the order of time, the latest first. */
export async function findMessages(
  tenantId: string,
  wanted: Wanted,
  page: { readonly limit: number; readonly from: SearchPosition | undefined },
  deps: SearchDeps,
): Promise<{ answer: Omit<FoundMessagesAnswer, 'cursor'>; next: SearchPosition | undefined }> {
  const { kind, value } = wanted;
  const keptSince = iso(deps.clock() - deps.settings.deliveryTtlSeconds * 1000);
  if (kind === 'guid') {
    const id = deliveryIdOf({ tenantId, guid: value });
    const own = (await deps.facts.deliveries([id])).get(id);
    return { answer: { items: own ? [viewOf(own)] : [], keptSince }, next: undefined };
  }
  const term = await termOf(tenantId, { kind, value }, deps);
  const { deliveries, next } = await pageOf(tenantId, term, page, deps);
  const items = deliveries.sort((a, b) => b.createdAt - a.createdAt).map(viewOf);
  return { answer: { items, keptSince }, next };
}

/** What happened to a message, in the order of time. */
export function storyOf(
  delivery: Delivery,
  row: FailedRequest | undefined,
): MessageStoryAnswer['story'] {
  const { acceptedAt, lease } = delivery;
  const events = [
    ...(acceptedAt === undefined ? [] : [{ what: 'received', at: acceptedAt, detail: '' }]),
    ...historyOf(delivery),
    ...(row === undefined
      ? []
      : [{ what: 'kept-for-operator', at: Date.parse(row.insertTs), detail: row.errorCode }]),
    ...(lease === undefined ? [] : [{ what: 'with-worker', at: lease.since, detail: '' }]),
  ];
  return events
    .sort((a, b) => a.at - b.at)
    .map(({ at, what, detail }) => ({ at: iso(at), what, detail }));
}
