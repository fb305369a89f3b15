import type { HttpAnswer } from '../../http.ts';
import { CALL_LIMIT, engineFor, type FlexCall, type FlexDeps, notOpened } from './call.ts';
import { closePair } from './close-pair.ts';
import { ensureOpen } from './ensure-open.ts';
import { FlexRefused, failedStep } from './flex-refused.ts';
import { taskRequest } from './flex-request.ts';

/**
 * `POST /flex/{tenantId}/outbound-sms-tasks`: a task in which an agent writes to a customer, either the open
 * one or a new one. The first message is sent only with a new task.
 */
export async function openTask(call: FlexCall, deps: FlexDeps): Promise<HttpAnswer> {
  const { tenantId } = call;
  const { initialNotificationMessage: first, ...request } = taskRequest(call.body, deps.numbering);
  const engine = await engineFor(request, call, deps);
  const signal = deps.limit(CALL_LIMIT);
  const result = await ensureOpen(request, { tenantId, engine, signal }, deps);
  if (result.kind !== 'opened') throw notOpened(result);
  const { opened, reused } = result;
  if (reused || first === undefined) return { status: 200, body: { ...opened.shown, reused } };

  const said = await engine.say(opened, first, signal);
  if (said.kind === 'done') {
    return { status: 200, body: { ...opened.shown, chatMessage: said.value, reused } };
  }
  if (said.kind === 'unknown') {
    // The customer may have the message, so the task stays open for the reply.
    const leftOpen = Object.entries(opened.sids).map(([kind, sid]) => ({ kind, sid }));
    const message = 'The task is open; whether its first message was sent is not known.';
    throw new FlexRefused(502, message, { fields: { code: said.code, leftOpen } });
  }
  const leftOpen = await closePair(request, opened, { tenantId, engine }, deps);
  throw failedStep('Failed to create Chat Message', said, leftOpen);
}
