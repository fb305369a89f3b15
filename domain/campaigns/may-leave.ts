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

/** Whether the time has come that the creative names. */
function bySchedule({ sendAt }: MessageRequest, now: number): LeaveDecision {
  return sendAt !== undefined && now < sendAt
    ? { kind: 'held', reason: 'schedule', until: sendAt }
    : send;
}

export type MayLeaveDeps = {
  readonly controls: Controls['ofTenant'];
  /** When the hours of a message's category begin; undefined when it may leave by them. */
  readonly closedUntil: (request: MessageRequest, now: number) => number | undefined;
};

/** Asks all rules in turn; the first that does not let the message leave decides. */
export const mayLeaveNow =
  ({ controls, closedUntil }: MayLeaveDeps): MayLeaveNow =>
  async ({ request, now }) => {
    const controlled = byControl(await controls(request.tenantId), request);
    if (controlled.kind !== 'send' || request.answers !== undefined) return controlled;
    const scheduled = bySchedule(request, now);
    if (scheduled.kind !== 'send') return scheduled;
    const until = request.replay?.ignoreWindow ? undefined : closedUntil(request, now);
    return until === undefined ? send : { kind: 'held', reason: 'window', until };
  };
