import type { LeaveDecision, MayLeaveNow } from '../delivery/ports.ts';
import type { Failure } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import { type Control, controlOf } from './control.ts';
import type { Controls } from './ports.ts';

const send: LeaveDecision = { kind: 'send' };

/**
 * Whether operators let a message leave. A stop does not count for a replay that was started after it:
 * that is the operator's later word. The answer to a person's STOP or HELP is no part of a campaign.
 */
export function byControl(controls: readonly Control[], request: MessageRequest): LeaveDecision {
  if (request.answers !== undefined) return send;
  const control = controlOf(controls, request);
  switch (control?.state) {
    case 'held':
      // Until it is resumed: `hold_max` bounds it.
      return { kind: 'held', reason: 'hold', until: Number.POSITIVE_INFINITY };
    case 'stopped':
      return (request.replay?.startedAt ?? 0) > control.at
        ? send
        : { kind: 'stopped', failure: stoppedBy(control) };
    default:
      return send;
  }
}

const stoppedBy = ({ by, reason }: Control): Failure => ({
  class: 'stopped',
  code: 'campaign-stopped',
  message: `The campaign was stopped by ${by}${reason === '' ? '' : `: ${reason}`}.`,
  advice: 'Replay it if it is to be sent after all.',
});

/** Asks all rules in turn; the first that does not let the message leave decides. */
export const mayLeaveNow =
  (deps: { readonly controls: Controls['ofTenant'] }): MayLeaveNow =>
  async ({ request }) =>
    byControl(await deps.controls(request.tenantId), request);
