import type { Reply } from './external-event-request.ts';

/**
 * Names the message that answers a reply, `answer:{provider}:{provider's id of the reply}`: however often the
 * reply is delivered, its answer is one message.
 */
export const answerGuid = (reply: Pick<Reply, 'provider' | 'providerMessageId'>): string =>
  `answer:${reply.provider}:${reply.providerMessageId}`;

/** Whether a message answers a reply. CI360 did not send it, so CI360 hears nothing of it. */
export const isAnswer = ({ guid }: { readonly guid: string }): boolean =>
  guid.startsWith('answer:');
