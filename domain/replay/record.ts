import * as z from 'zod';
import type { FailedRequest } from '../failed-requests/failed-request.ts';
import { parseJson } from '../json.ts';
import { type MessageRequest, messageRequestSchema } from '../outbound/message-request.ts';

/** What a failed external event keeps as its body. The queue's own reader judges the rest of it. */
const externalEventSchema = z.looseObject({ v: z.literal(1), tenantId: z.string() });
export type ExternalEventRecord = z.infer<typeof externalEventSchema>;

/** A failed request's body, ready to go on the queue that it came from. */
export type ReplayRecord =
  | { readonly kind: 'message'; readonly request: MessageRequest }
  | { readonly kind: 'external-event'; readonly event: ExternalEventRecord };

/** Undefined for a body that no reader of the queue would understand. */
export function readRecord(row: FailedRequest): ReplayRecord | undefined {
  const body = parseJson(row.eventBody);
  if (row.kind === 'external-event') {
    const event = externalEventSchema.safeParse(body);
    return event.success ? { kind: 'external-event', event: event.data } : undefined;
  }
  const request = messageRequestSchema.safeParse(body);
  return request.success ? { kind: 'message', request: request.data } : undefined;
}

/**
 * Gives a message its sender again from today's settings, read as for a new event. Undefined where they
 * have none for its channel; then the one it had stays, and the provider judges it.
 */
export type ChooseSender = (
  request: MessageRequest,
) => Pick<MessageRequest, 'from' | 'fromSource'> | undefined;

/**
 * Marks a record as replay number `no` of its request. A sender that came from the settings is chosen
 * again, for a fixed setting is what many replays are for; not while the message is in doubt, because
 * the provider is then asked for what was sent from the old one.
 */
export function marked(
  record: ReplayRecord,
  replay: NonNullable<MessageRequest['replay']>,
  inDoubt: boolean,
  chooseSender: ChooseSender,
): ReplayRecord {
  if (record.kind === 'external-event') {
    return { ...record, event: { ...record.event, replay: { id: replay.id, no: replay.no } } };
  }
  const { request } = record;
  const sender = request.fromSource === 'creative' || inDoubt ? undefined : chooseSender(request);
  return { kind: 'message', request: { ...request, ...sender, replay } };
}
