import type { HttpAnswer } from '../../http.ts';
import { badRequest, failure, notDoneAnswer } from './answers.ts';
import {
  CALL_LIMIT,
  engineOf,
  type FlexCall,
  type FlexDeps,
  isAnswer,
  notOpened,
  optedOut,
} from './call.ts';
import { closePair } from './close-pair.ts';
import { ensureOpen } from './ensure-open.ts';
import { taskRequest } from './flex-request.ts';

/**
 * `POST /flex/{tenantId}/outbound-sms-tasks`: a task for an agent to write to a customer, the one that
 * is open already or a new one. A first message goes out with a new task only.
 */
export async function openTask(deps: FlexDeps, call: FlexCall): Promise<HttpAnswer> {
  const { tenantId, secret } = call;
  const read = taskRequest(call.body, deps.numbering);
  if (!read.ok) return badRequest(read.errors);
  const { initialNotificationMessage: first, ...request } = read.value;
  const engine = engineOf(deps, call);
  if (isAnswer(engine)) return engine;
  if (await deps.optOuts.isOptedOut(tenantId, request.to)) return optedOut();

  const signal = deps.limit(CALL_LIMIT);
  const result = await ensureOpen(deps, engine, tenantId, request, secret, signal);
  if (result.kind !== 'opened') return notOpened(result);
  const { opened, reused } = result;
  if (reused || first === undefined) return { status: 200, body: { ...opened.shown, reused } };

  const said = await engine.say(opened, first, secret, signal);
  if (said.kind === 'done') {
    return { status: 200, body: { ...opened.shown, chatMessage: said.value, reused } };
  }
  if (said.kind === 'unknown') {
    // Taking the task away from a customer who may have been written to would be worse than leaving it.
    const leftOpen = Object.entries(opened.sids).map(([kind, sid]) => ({ kind, sid }));
    return failure(502, 'The task is open; whether its first message was sent is not known.', {
      code: said.code,
      leftOpen,
    });
  }
  const leftOpen = await closePair(deps, engine, tenantId, request, opened, secret);
  return notDoneAnswer('Failed to create Chat Message', said, leftOpen);
}
