import { expect } from 'vitest';
import * as z from 'zod';
import { localKeys } from '../../../local/secrets.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { aStatusUpdate } from '../../builders/external-event-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { type Ground, named, patience } from './ground.ts';

const tenantId = 'local-tenant';
/** Enough that a replay of one a second is at work for as long as a slow machine takes to walk through it. */
const KEPT = 60;

const replaySchema = z.object({
  replayId: z.string(),
  status: z.string(),
  requeued: z.number(),
  executions: z.number(),
});
const groupsSchema = z.object({
  groups: z.array(z.object({ kind: z.string(), count: z.number() })),
});

/** What an operator asks for over HTTP. */
function operatorOf({ stack }: Ground) {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(stack.url + path, {
      method,
      headers: { 'x-api-key': localKeys.operator },
      ...(body === undefined ? {} : { body: JSON.stringify({ tenantId, ...body }) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const look = async (id: string) => replaySchema.parse(await call('GET', `/replays/${id}`));
  return {
    call,
    start: async (body: object) =>
      replaySchema.parse(await call('POST', '/replays', body)).replayId,
    look,
    /** Says `pause`, `resume` or `cancel` to a replay. */
    say: (word: string, id: string) => call('POST', `/replays/${id}/${word}`, {}),
    reaches: (id: string, status: string) =>
      expect.poll(async () => (await look(id)).status, patience).toBe(status),
    /** Waits until so many failed requests of a kind are kept. */
    keeps: (kind: string, atLeast: number) =>
      expect
        .poll(async () => {
          const path = `/failed-requests?group=true&kind=${kind}&tenantId=${tenantId}`;
          const { groups } = groupsSchema.parse(await call('GET', path));
          return groups.reduce((sum, { count }) => sum + count, 0);
        }, patience)
        .toBeGreaterThanOrEqual(atLeast),
  };
}

/** Looks at what failed, replays it in every way, purges the rest, and lifts an opt-out, as operators do. */
export async function walkReplay(ground: Ground): Promise<void> {
  const operator = operatorOf(ground);
  await keepSome(ground);
  await operator.keeps('message', KEPT);
  await operator.keeps('external-event', 1);
  await operator.call('GET', `/failed-requests/replayed-0?tenantId=${tenantId}`);
  await operator.call('POST', '/replays', { dryRun: true });
  await operator.call('GET', `/status?tenantId=${tenantId}`);

  await interrupt(ground, operator);
  const events = await operator.start({ kind: 'external-event', rate: 100 });
  await operator.reaches(events, 'completed');
  await operator.call('GET', `/replays?tenantId=${tenantId}`);
  await operator.call('POST', '/failed-requests/purge', { confirm: tenantId });
  // Who was the first to say STOP in the walk before.
  const person = { address: recipient('delivered', 0) };
  await operator.call('POST', '/opt-outs/show', person);
  await operator.call('POST', '/opt-outs/lift', { ...person, confirm: tenantId });
  await operator.call('POST', '/opt-outs/add', { ...person, source: 'phone' });
  const row = { line: 2, number: recipient('delivered', 1), state: 'opted-out' };
  await operator.call('POST', '/opt-outs/import', {
    rows: [{ ...row, at: '2026-01-01T00:00:00Z' }],
  });
  await operator.call('POST', '/opt-outs/history', person);
  await operator.call('GET', `/opt-outs?tenantId=${tenantId}`);
  await operator.call('GET', `/audit?tenantId=${tenantId}`);
}

/** Has messages and an external event kept that SQS gave up. */
async function keepSome({ put }: Ground): Promise<void> {
  for (let n = 0; n < KEPT; n += 1) {
    const to = recipient('delivered', 100 + n);
    const about = { tenantId, to, guid: `replayed-${n}`, generatedAt: Date.now() };
    await put('outboundDlq', aMessageRequest(about));
  }
  await put('eventsDlq', aStatusUpdate({ tenantId, guid: 'replayed-event' }));
}

/** A replay that loses an answer, is paused, resumed, handed over to a new execution as a long one is, and canceled. */
async function interrupt(
  { stack, used, watch }: Ground,
  operator: ReturnType<typeof operatorOf>,
): Promise<void> {
  let lost = 0;
  watch.meet((call) =>
    /^replay: dynamodb:PutItem .*failed-requests$/.test(named(call)) && lost++ === 0
      ? 'answer-lost'
      : undefined,
  );
  const id = await operator.start({ kind: 'message', rate: 1 });
  await used(/^replay: dynamodb:GetItem .*failed-requests$/);
  await operator.say('pause', id);
  await operator.reaches(id, 'paused');
  await operator.say('resume', id);
  // The task throws when the execution's own writes the record first.
  await expect
    .poll(async () => {
      const { executions: generation } = await operator.look(id);
      if (generation > 2) return generation;
      const step = { task: 'continue', replayId: id, generation, turn: 800 };
      await stack.invoke('replay', step).catch(() => {});
      return generation;
    }, patience)
    .toBe(3);
  await operator.say('cancel', id);
  await operator.reaches(id, 'canceled');
}
