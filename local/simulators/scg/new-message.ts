import type { CallbackMode } from '../fault.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { callbackModeOf } from '../misbehaviour.ts';
import { isMade, newScgId, planOf, type ScgMessage } from './message.ts';
import type { SendRequest } from './send-request.ts';

/** The message to one recipient of a request. */
export function newMessage(
  request: SendRequest,
  to: string,
  of: {
    readonly requestId: string;
    readonly tenantId: string;
    readonly hasOptedOut: boolean;
    readonly callbacks: CallbackMode;
    readonly now: number;
  },
): ScgMessage {
  const behaviour = behaviourOf(to);
  const plan = request.test_message_flag
    ? [{ state: 'TEST' }]
    : planOf(behaviour, to, !of.hasOptedOut);
  return {
    messageId: newScgId(),
    requestId: of.requestId,
    tenantId: of.tenantId,
    direction: 'MT',
    from: request.from,
    to,
    body: request.body,
    mediaUrls: request.media_urls,
    externalId: request.external_id,
    state: '',
    failureCode: null,
    failureDetails: null,
    createdAt: of.now,
    sentAt: null,
    deliveredAt: null,
    plan,
    reached: 0,
    callbacks: isMade({ plan }) ? callbackModeOf(behaviour, of.callbacks) : 'never',
  };
}
