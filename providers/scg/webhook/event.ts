import * as z from 'zod';
import { parseJson } from '../../../domain/json.ts';

/** One event of Syniverse's topic SCG-Message, as far as it matters here. */
export type ScgEvent =
  | {
      readonly kind: 'status';
      readonly word: string;
      /** The id that our send was answered with, else the message's own. */
      readonly messageId: string;
      readonly externalId: string;
      readonly address: string;
      readonly senderId: string;
      readonly errorCode: string | undefined;
      readonly errorText: string | undefined;
    }
  | {
      readonly kind: 'reply';
      readonly messageId: string;
      readonly from: string;
      readonly to: string;
      readonly body: string;
      readonly senderId: string;
      readonly attachments: string;
    }
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed'; readonly issue: string };

const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? '');

const fieldsSchema = z.object({
  message_id: text,
  message_request_id: text,
  external_message_request_id: text,
  new_state: text,
  reason_code: text,
  reason_description: text,
  from_address: text,
  to_address: text,
  message_body: text,
  sender_id_id: text,
  attachment_ids: text,
});

const envelopeSchema = z.object({
  // Syniverse's guide and its samples spell it differently.
  'event-id': text,
  event_id: text,
  event: z.object({ 'evt-tp': text, 'fld-val-list': z.looseObject({}) }),
});

/** `reason_code` of an event without an error. */
const noError = new Set(['', '0', '200', 'SUCCESS']);

/**
 * Reads the body of an event: the documented envelope, or the bare field list of an inbound message
 * that some deliveries carry in its place.
 */
export function readScgEvent(body: string): ScgEvent {
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { kind: 'malformed', issue: 'is not a JSON object' };
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success && !('message_body' in json)) {
    return { kind: 'malformed', issue: 'has neither event.fld-val-list nor message_body' };
  }
  const fields = fieldsSchema.safeParse(
    envelope.success ? envelope.data.event['fld-val-list'] : json,
  );
  if (!fields.success) {
    const [issue] = fields.error.issues;
    return { kind: 'malformed', issue: `has a wrong ${issue?.path.join('.')}` };
  }
  const type = envelope.success ? envelope.data.event['evt-tp'] : 'mo_message_received';
  const eventId = envelope.success ? envelope.data['event-id'] || envelope.data.event_id : '';
  const list = fields.data;
  switch (type) {
    case 'message_state_change':
      return statusFrom(list, list.message_request_id || list.message_id || eventId);
    case 'mo_message_received':
      return replyFrom(list, list.message_id || eventId);
    default:
      return { kind: 'other' };
  }
}

type Fields = z.infer<typeof fieldsSchema>;

function statusFrom(list: Fields, messageId: string): ScgEvent {
  if (!messageId || !list.new_state) {
    return { kind: 'malformed', issue: 'lacks message_request_id or new_state' };
  }
  const error = noError.has(list.reason_code) ? undefined : list.reason_code;
  return {
    kind: 'status',
    word: list.new_state.toUpperCase(),
    messageId,
    externalId: list.external_message_request_id,
    address: list.to_address,
    senderId: list.sender_id_id,
    errorCode: error,
    errorText: error === undefined ? undefined : list.reason_description,
  };
}

function replyFrom(list: Fields, messageId: string): ScgEvent {
  if (!messageId || !list.from_address) {
    return { kind: 'malformed', issue: 'lacks message_id or from_address' };
  }
  return {
    kind: 'reply',
    messageId,
    from: list.from_address,
    to: list.to_address,
    body: list.message_body,
    senderId: list.sender_id_id,
    attachments: list.attachment_ids,
  };
}

/** An RCS suggestion that was tapped: its `postbackData`, if the body is a JSON object that has one. */
export function postbackOf(body: string): string | undefined {
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null || !('postbackData' in json)) return undefined;
  return typeof json.postbackData === 'string' ? json.postbackData : undefined;
}
