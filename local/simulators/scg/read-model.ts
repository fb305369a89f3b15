import { answer, type PlainAnswer } from '../simulator.ts';
import { comparable, isMade, type ScgMessage, typeOf } from './message.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A message as the API shows it. */
export const toMessage = (message: ScgMessage): Record<string, unknown> => ({
  id: message.messageId,
  message_request_id: message.requestId,
  external_message_request_id: message.externalId,
  direction: message.direction,
  from_address: message.from,
  to_address: message.to,
  state: message.state,
  failure_code: message.failureCode,
  failure_details: message.failureDetails,
  body: message.body,
  media_urls: message.mediaUrls,
  sent_date: iso(message.sentAt),
  delivered_date: iso(message.deliveredAt),
  created_date: iso(message.createdAt),
  type: typeOf(message.to, message.mediaUrls),
});

/** A message request as the API shows it, from its messages (at least one). */
export function toRequest(messages: readonly ScgMessage[]): Record<string, unknown> {
  const [first] = messages;
  const count = (...states: string[]): number =>
    messages.filter(({ state }) => states.includes(state)).length;
  const made = messages.filter(isMade);
  return {
    id: first?.requestId,
    from: first?.from,
    to: messages.map(({ to }) => to),
    body: first?.body,
    media_urls: first?.mediaUrls,
    external_id: first?.externalId,
    state: requestState(messages),
    failure_code: made.length === 0 ? (first?.failureCode ?? null) : null,
    failure_details: made.length === 0 ? (first?.failureDetails ?? null) : null,
    message_type: first && typeOf(first.to, first.mediaUrls),
    recipient_count: made.length,
    sent_count: count('SENT', 'DELIVERED', 'READ', 'CONVERTED'),
    delivered_count: count('DELIVERED', 'READ', 'CONVERTED'),
    read_count: count('READ', 'CONVERTED'),
    converted_count: count('CONVERTED'),
    click_thru_count: count('CONVERTED'),
    canceled_count: 0,
    failed_count: count('FAILED', 'EXPIRED'),
    test_message_flag: count('TEST') > 0,
    created_date: iso(first?.createdAt ?? null),
  };
}

/** Until its messages are over, a request is in transmission; one that is refused never has any. */
function requestState(messages: readonly ScgMessage[]): string {
  const isOver = messages.every(({ plan, reached }) => reached >= plan.length);
  if (!isOver) return 'TRANSMITTING';
  return messages.some(isMade) ? 'COMPLETED' : 'REJECTED';
}

const paging = ['offset', 'limit', 'sort', 'type'];
/** The filters of each list, by Syniverse's reference and its SDKs. */
const filters = {
  requests: [
    ...['id', 'from', 'to', 'state', 'test_message_flag', 'pause_before_transmit'],
    ...['pause_expiry_time', 'created_date', 'sent_date', 'delivered_date', 'external_id'],
    ...['conversation_id', 'campaign_id', 'program_id', 'subject', 'application_id'],
    ...['scheduled_delivery_time', 'expiry_time'],
  ],
  messages: [
    ...['id', 'message_request_id', 'external_transaction_ids', 'direction', 'from_address'],
    ...['to_address', 'state', 'sent_date', 'delivered_date', 'created_date', 'from', 'to'],
  ],
  // Of one request: all of them.
  'messages of a request': [],
} as const;

/** Whether every parameter of a list is one that it knows. */
export const knowsAll = (kind: keyof typeof filters, query: URLSearchParams): boolean => {
  const known: readonly string[] = [...filters[kind], ...paging];
  return [...query.keys()].every((name) => known.includes(name));
};

/** Whether a message passes the filters of a list: each that is given must hold. */
export function passes(message: ScgMessage, query: URLSearchParams): boolean {
  const is = (name: string, value: string): boolean =>
    !query.get(name) || comparable(query.get(name) ?? '') === comparable(value);
  return (
    is('id', message.requestId) &&
    is('message_request_id', message.requestId) &&
    is('to', message.to) &&
    is('to_address', message.to) &&
    is('from', message.from) &&
    is('from_address', message.from) &&
    is('direction', message.direction) &&
    isInRange(message.createdAt, query.get('created_date'))
  );
}

/** `[2026-01-01T00:00:00.000Z,2026-01-02T00:00:00.000Z]`, either end may be empty. */
function isInRange(ms: number, range: string | null): boolean {
  const [, from = '', to = ''] = /^\[([^,]*),([^\]]*)\]$/.exec(range ?? '') ?? [];
  const low = Date.parse(from);
  const high = Date.parse(to);
  return !(ms < low) && !(ms > high);
}

/** One page of a list, newest first unless sorted otherwise. */
export function page(
  items: readonly Record<string, unknown>[],
  query: URLSearchParams,
): PlainAnswer {
  const limit = Math.min(1000, Math.max(1, Number(query.get('limit')) || 100));
  const offset = Math.max(0, Number(query.get('offset')) || 0);
  const ordered = query.get('sort') === 'created_date' ? items : items.toReversed();
  return answer(200, {
    total: items.length,
    limit,
    offset,
    list: ordered.slice(offset, offset + limit),
  });
}
