import type { HttpAnswer, HttpRequest } from '../../http.ts';
import { inTime } from '../../in-time.ts';
import { withFreshSecret } from '../../tenant/use-secret.ts';
import { Unavailable } from '../../unavailable.ts';
import { type CallbackHandler, type FrontlineDeps, type Operation, ok } from './callback.ts';
import {
  conversationStarts,
  messageAdded,
  messageStarts,
  participantAdded,
} from './conversation-events.ts';
import { createCustomer } from './create-customer.ts';
import { customerDetails } from './customer-details.ts';
import { deleteCustomer } from './delete-customer.ts';
import { listCustomers } from './list-customers.ts';
import { routeConversation } from './routing.ts';
import { senderNumber } from './sender-number.ts';
import { templates } from './templates.ts';

const handlers: Readonly<Record<Operation, CallbackHandler>> = {
  'list-customers': listCustomers,
  'customer-details': customerDetails,
  'create-customer': createCustomer,
  'delete-customer': deleteCustomer,
  'sender-number': senderNumber,
  templates,
  'route-conversation': routeConversation,
  'conversation-starts': conversationStarts,
  'message-starts': messageStarts,
  'message-added': messageAdded,
  'participant-added': participantAdded,
  'other-event': async () => ok({}),
};

/** The platform waits 5 s. Nothing may take longer, including the verification. */
const WHOLE_LIMIT = 4500;

/**
 * `POST /frontline/{tenantId}/callbacks/{callback}`: serves verified callbacks only. What cannot be answered
 * in time is answered 503, except for the start of a conversation: it is never refused for that, and the empty
 * answer that it gets changes and reveals nothing, so it needs no verification either.
 */
export function frontline(deps: FrontlineDeps): (request: HttpRequest) => Promise<HttpAnswer> {
  const answer = async (request: HttpRequest): Promise<HttpAnswer> => {
    const read = await deps.callbacks.read(request);
    const { secret, tenantId } = read;
    const credentials = withFreshSecret({ tenantId, secret, secrets: deps.secrets });
    const conversations = deps.conversationsOf(credentials);
    const { requestId } = request;
    return handlers[read.operation]({ ...read, credentials, conversations, requestId }, deps);
  };

  return async (request) => {
    try {
      return await inTime(answer(request), deps.limit(WHOLE_LIMIT));
    } catch (error) {
      const isLate = error instanceof Unavailable;
      if (isLate && deps.callbacks.isConversationStart(request)) return ok({});
      throw error;
    }
  };
}
