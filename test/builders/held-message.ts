import { HOUR } from '../../domain/clock.ts';
import type { HeldMessage } from '../../domain/delivery/ports.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { aMessageRequest, BUILT_AT } from './message-request.ts';

/** A message on hold since the tests' clock began, for two days at most. */
export const aHeldMessage = (
  request: Partial<MessageRequest> = {},
  overrides: Partial<HeldMessage['hold'] & { holdNo: number }> = {},
): HeldMessage => {
  const { holdNo = 1, ...hold } = overrides;
  return {
    request: aMessageRequest(request),
    hold: { reason: 'hold', since: BUILT_AT, until: BUILT_AT + 48 * HOUR, ...hold },
    holdNo,
  };
};
