import * as z from 'zod';
import { DAY, MINUTE, SECOND } from '../../clock.ts';
import { addressKey } from '../../outbound/address-key.ts';
import type { AgentRecord } from '../agent-records.ts';
import { chatMessageSchema, type Pair } from './engine.ts';

/** Longer than a call may last. */
export const SENDING_LEASE = 40 * SECOND;
/** The same text to the same customer within this time is one message, unless a key says otherwise. */
const SAME_TEXT_FOR = 2 * MINUTE;
/** A key names one message for this long. */
const KEY_FOR = DAY;

/** The state of one message that an agent or a back office sends. */
const messageSchema = z.object({
  state: z.enum(['sending', 'sent', 'unknown']),
  until: z.number(),
  /** The documented response, without the text. */
  answer: z
    .object({ opened: z.record(z.string(), z.unknown()), chatMessage: chatMessageSchema })
    .optional(),
});
export type MessageRecord = z.infer<typeof messageSchema>;

export const readMessage = (record: AgentRecord | undefined): MessageRecord | undefined =>
  messageSchema.safeParse(record?.data).data;

/** Identifies repeated calls: by the caller's key, otherwise by recipient and text. */
export function messageId(
  tenantId: string,
  message: Pair & { readonly body: string },
  key: string | undefined,
  digest: (text: string) => string,
): { readonly id: string; readonly keptFor: number } {
  if (key) return { id: `${tenantId}#flex-key#${digest(key)}`, keptFor: KEY_FOR };
  const content = JSON.stringify([
    message.kind,
    addressKey(message.from),
    addressKey(message.to),
    message.body,
  ]);
  return { id: `${tenantId}#flex-text#${digest(content)}`, keptFor: SAME_TEXT_FOR };
}
