import type { SignatureCheck } from '../../feedback/ports.ts';
import { isTooLarge } from '../../feedback/twilio-form.ts';
import { readTwilioRequest } from '../../feedback/twilio-webhook.ts';
import type { HttpAnswer, HttpRequest } from '../../http.ts';
import { inTime } from '../../in-time.ts';
import { notFound } from '../../refused.ts';
import { withFreshSecret } from '../../tenant/use-secret.ts';
import { Unavailable } from '../../unavailable.ts';
import { type CallbackHandler, type FrontlineDeps, ok } from './callback.ts';
import { conversationEvents } from './conversation-events.ts';
import { crm } from './crm.ts';
import { outgoingConversation } from './outgoing-conversation.ts';
import { routing } from './routing.ts';
import { templates } from './templates.ts';

const callbacks: Readonly<Record<string, CallbackHandler>> = {
  crm,
  'outgoing-conversation': outgoingConversation,
  routing,
  templates,
  'twilio-conversations': conversationEvents,
};

/** What is too large was refused before anything could be late. */
const isBeginning = (body: string): boolean =>
  !isTooLarge(body) && new URLSearchParams(body).get('EventType') === 'onConversationAdd';

/** Twilio waits 5 s. Nothing may take longer, not even finding out who calls. */
const WHOLE_LIMIT = 4500;

/**
 * `POST /frontline/{tenantId}/callbacks/{callback}`: only what Twilio signed gets past this. What
 * cannot be answered in time is answered 503, except that a conversation is never refused for that:
 * an answer that changes nothing tells nothing, so it needs no signature either.
 */
export function frontline(
  deps: FrontlineDeps & { readonly signed: SignatureCheck; readonly publicUrls: readonly string[] },
): (request: HttpRequest) => Promise<HttpAnswer> {
  const answer = async (request: HttpRequest): Promise<HttpAnswer> => {
    const name = request.params.callback ?? '';
    const path = `/frontline/${request.params.tenantId}/callbacks/${name}`;
    const { tenantId, secret, form } = await readTwilioRequest(request, path, deps);
    const credentials = withFreshSecret({ tenantId, secret, secrets: deps.secrets });
    const conversations = deps.conversationsOf(credentials);
    const { requestId } = request;
    const callback = { tenantId, secret, credentials, conversations, form, requestId };
    const handler = Object.hasOwn(callbacks, name) ? callbacks[name] : undefined;
    if (handler === undefined) throw notFound('There is no such callback.');
    return handler(deps, callback);
  };

  return async (request) => {
    try {
      return await inTime(answer(request), deps.limit(WHOLE_LIMIT));
    } catch (error) {
      if (error instanceof Unavailable && isBeginning(request.body)) return ok({});
      throw error;
    }
  };
}
