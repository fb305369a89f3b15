import type { Answered } from '../../../domain/agents/answered.ts';
import { prefixedAddress } from '../../../domain/agents/contacts/address.ts';
import type { ChatMessage, Pair } from '../../../domain/agents/flex/engine.ts';
import type { Ask } from './api.ts';
import { messageOf, resourceSchema } from './resource.ts';

/** Sends a message without a conversation. Replies to it go to the number's own webhook. */
export async function sendPlainMessage(
  { kind, from, to, body }: Pair & { readonly body: string },
  ask: Ask<object>,
  signal: AbortSignal,
): Promise<Answered<ChatMessage>> {
  const form = { To: prefixedAddress(kind, to), From: prefixedAddress(kind, from), Body: body };
  const answer = await ask(
    (_, { messagesUrl }) => ({ method: 'POST', base: messagesUrl.href, path: '', form }),
    resourceSchema,
    signal,
  );
  return messageOf(answer);
}
