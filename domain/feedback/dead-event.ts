import { eraseIfErased } from '../failed-requests/erase.ts';
import {
  type DeadLetter,
  type KeepDeps,
  keep,
  poisonRow,
  readFailure,
  rowOf,
} from '../failed-requests/store.ts';
import type { Failure } from '../failure.ts';
import { parseJson } from '../json.ts';
import type { RecordResult } from '../queue.ts';
import { externalEventRequestSchema } from './external-event-request.ts';

const redriven: Failure = {
  class: 'transient',
  code: 'redriven',
  message: 'The record was received as often as its queue allows, without CI360 taking it.',
  advice: 'Look at the errors of ci360-injector around that time; then replay it.',
};

/**
 * Keeps a dead letter of the ci360-events queue as a failed request of kind `external-event`, by the
 * event's key. Idempotent.
 */
export async function keepDeadEvent(letter: DeadLetter, deps: KeepDeps): Promise<RecordResult> {
  const parsed = externalEventRequestSchema.safeParse(parseJson(letter.body));
  if (!parsed.success) {
    await keep(poisonRow(letter, 'external-event', deps), 0, deps);
    return { kind: 'done' };
  }
  const request = parsed.data;
  const row = {
    ...rowOf(readFailure(letter.failure) ?? redriven, letter.body, deps),
    guid: request.key,
    tenantId: request.tenantId,
    kind: 'external-event' as const,
    provider: request.provider,
    channel: request.channel,
    generatedTimestamp: new Date(request.receivedAt).toISOString(),
    attempts: 0,
    taskId: request.kind === 'status' ? request.externalCode : '',
    sender: '',
  };
  await keep(row, request.replay?.no ?? 0, deps);
  const { key: guid, tenantId, receivedAt: acceptedAt } = request;
  const address = request.kind === 'reply' ? request.from : request.address;
  if (address !== undefined) await eraseIfErased({ guid, tenantId, address, acceptedAt }, deps);
  return { kind: 'done' };
}
