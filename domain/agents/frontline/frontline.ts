import type { SignatureCheck } from '../../feedback/ports.ts';
import { readTwilioRequest } from '../../feedback/twilio-webhook.ts';
import type { HttpAnswer, HttpRequest } from '../../http.ts';
import { type CallbackHandler, type FrontlineDeps, refuse } from './callback.ts';
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

/** `POST /frontline/{tenantId}/callbacks/{callback}`: only what Twilio signed gets past this. */
export function frontline(
  deps: FrontlineDeps & { readonly signed: SignatureCheck; readonly publicUrl: string },
): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const name = request.params.callback ?? '';
    const path = `/frontline/${request.params.tenantId}/callbacks/${name}`;
    const read = await readTwilioRequest(request, path, deps);
    if (read.kind === 'refused') return read.answer;
    const { tenantId, secret, form } = read;
    const callback = { tenantId, secret, form, requestId: request.requestId };
    const handler = Object.hasOwn(callbacks, name) ? callbacks[name] : undefined;
    return handler === undefined
      ? refuse(deps, callback, 404, 'NOT_FOUND', 'There is no such callback.')
      : handler(deps, callback);
  };
}
