import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookClient, WebhookOutcome } from '../webhook-client.ts';
import type { ScgApplication } from './applications.ts';
import { newScgId, type ScgMessage, withoutPrefix } from './message.ts';

/** How often an event is sent before SCG gives up. SCG does not publish its own figures. */
const maxAttempts = 8;

/** Sends an event to the customer's webhook until it is taken, counting its attempts. */
export async function sendEvent(
  client: WebhookClient,
  application: ScgApplication,
  connectorUrl: string,
  payload: (attempt: number) => unknown,
): Promise<WebhookOutcome> {
  const url = `${connectorUrl}/webhooks/scg/${encodeURIComponent(application.tenantId)}`;
  const { webhookAuthorization: authorization } = application;
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    ...(authorization === undefined ? {} : { authorization }),
  };
  for (let attempt = 1; ; attempt++) {
    const outcome = await client.post(url, JSON.stringify(payload(attempt)), headers);
    const isTaken = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300;
    const isOver = isTaken || outcome.kind === 'undeliverable' || attempt >= maxAttempts;
    if (isOver) return outcome;
    await delay(Math.min(2000, 50 * 2 ** attempt), undefined, { ref: false });
  }
}

type Fields = Readonly<Record<string, string | number | boolean>>;

/** The envelope of the Event Subscription Service around an event's fields. */
export function envelope(type: string, fields: Fields, now: number) {
  const eventId = newScgId();
  return (attempt: number) => ({
    topic: 'SCG-Message',
    attempt,
    event: {
      'fld-val-list': fields,
      'evt-tp': type,
      timestamp: new Date(now).toISOString(),
    },
    'event-id': eventId,
  });
}

/** The fields of `message_state_change`. */
export function stateChangeFields(
  message: ScgMessage,
  step: number,
  withExternalId: boolean,
): Fields {
  const reached = message.plan[step];
  return {
    previous_state: message.plan[step - 1]?.state ?? 'QUEUED',
    new_state: reached?.state ?? '',
    message_request_id: message.requestId,
    message_id: message.messageId,
    external_message_request_id: withExternalId ? message.externalId : '',
    to_address: withoutPrefix(message.to),
    from_address: withoutPrefix(message.from),
    sender_id_id: withoutPrefix(message.from),
    sender_id_alias: withoutPrefix(message.from),
    reason_code: reached?.reasonCode ?? '200',
    reason_description: reached?.reason ?? 'SUCCESS',
    has_attachment: message.mediaUrls.length > 0,
    attachment_ids: '',
    fragments_count: 1,
    application_id: 1234,
    'company-id': 1063,
    mt_price: '0.005',
  };
}

/** The fields of `mo_message_received`. Nothing in them names the channel. */
export const moFields = (message: ScgMessage): Fields => ({
  message_id: message.messageId,
  from_address: withoutPrefix(message.from),
  to_address: withoutPrefix(message.to),
  message_body: message.body,
  sender_id_id: withoutPrefix(message.to),
  sender_id_alias: withoutPrefix(message.to),
  'company-id': 1063,
  application_id: 1234,
  mo_price: '0.000',
  has_attachment: message.mediaUrls.length > 0,
  fragments_count: 1,
});
