import type { HttpAnswer } from '../../http.ts';
import { badRequest, failure, notDoneAnswer } from './answers.ts';
import { CALL_LIMIT, type FlexCall, type FlexDeps, notOpened, optedOut } from './call.ts';
import { closePair } from './close-pair.ts';
import { ensureOpen } from './ensure-open.ts';
import { taskRequest } from './flex-request.ts';

/**
 * `POST /flex/{tenantId}/outbound-sms-tasks`: a task in which an agent writes to a customer, either the open
 * one or a new one. The first message is sent only with a new task.
 */
export async function openTask(call: FlexCall, deps: FlexDeps): Promise<HttpAnswer> {
  const { tenantId } = call;
  const read = taskRequest(call.body, deps.numbering);
  if (!read.ok) return badRequest(read.errors);
  const { initialNotificationMessage: first, ...request } = read.value;
  const chosen = deps.flex.engineOf(call.tenant);
  if (!chosen.ok) return failure(500, chosen.issue);
  const engine = chosen.settings;
  if (await deps.optOuts.isOptedOut(tenantId, request.to)) return optedOut();

  const signal = deps.limit(CALL_LIMIT);
  const result = await ensureOpen(request, { tenantId, engine, signal }, deps);
  if (result.kind !== 'opened') return notOpened(result);
  const { opened, reused } = result;
  if (reused || first === undefined) return { status: 200, body: { ...opened.shown, reused } };

  const said = await engine.say(opened, first, signal);
  if (said.kind === 'done') {
    return { status: 200, body: { ...opened.shown, chatMessage: said.value, reused } };
  }
  if (said.kind === 'unknown') {
    // The customer may have the message, so the task stays open for the reply.
    const leftOpen = Object.entries(opened.sids).map(([kind, sid]) => ({ kind, sid }));
    return failure(502, 'The task is open; whether its first message was sent is not known.', {
      code: said.code,
      leftOpen,
    });
  }
  const leftOpen = await closePair(request, opened, { tenantId, engine }, deps);
  return notDoneAnswer('Failed to create Chat Message', said, leftOpen);
}
