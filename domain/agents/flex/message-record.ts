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

/** What became of one message that an agent or a back office sent. */
export const messageSchema = z.object({
  state: z.enum(['sending', 'sent', 'unknown']),
  until: z.number(),
  /** The documented answer, without the text. */
  answer: z
    .object({ opened: z.record(z.string(), z.unknown()), chatMessage: chatMessageSchema })
    .optional(),
});
export type MessageRecord = z.infer<typeof messageSchema>;

export const readMessage = (record: AgentRecord | undefined): MessageRecord | undefined =>
  messageSchema.safeParse(record?.data).data;

/** How a repeated call is recognised: by the caller's key, else by what it says. */
export function messageId(
  tenantId: string,
  message: Pair & { readonly body: string },
  key: string | undefined,
  digest: (text: string) => string,
): { readonly id: string; readonly keptFor: number } {
  if (key) return { id: `${tenantId}#flex-key#${digest(key)}`, keptFor: KEY_FOR };
  const said = JSON.stringify([
    message.kind,
    addressKey(message.from),
    addressKey(message.to),
    message.body,
  ]);
  return { id: `${tenantId}#flex-text#${digest(said)}`, keptFor: SAME_TEXT_FOR };
}
