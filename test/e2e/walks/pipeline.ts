import { expect } from 'vitest';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { aStatusUpdate } from '../../builders/external-event-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { type Ground, patience } from './ground.ts';

const senders = [
  ['twilio', '+12025550100'],
  ['scg', 'local'],
] as const;
const tenantId = 'local-tenant';
const replay = { id: 'replay-1', no: 1, ignoreTtl: false };
const message = (overrides: Partial<MessageRequest>) =>
  aMessageRequest({ tenantId, generatedAt: Date.now(), ...overrides });

/** Sends, reports and keeps messages in every way that makes a function do something of its own. */
export async function walkPipeline(ground: Ground): Promise<void> {
  await fetch(`${ground.stack.url}/health`);
  await sendAndAnswer(ground);
  await keepAndSendAgain(ground);
  await refuseAndDoubt(ground);
  await keepPace(ground);
  await lookUpSilent(ground);
  await stopWhereNothingIsCertain(ground);
}

/** Sent, posted twice and reported, and answered with STOP while CI360 is down; through both providers. */
async function sendAndAnswer({ stack, ci360, used }: Ground): Promise<void> {
  const people = [];
  for (const [n, [provider, sender]] of senders.entries()) {
    const to = recipient('delivered', n);
    const creative = `TO:${to};Hello by ${provider}`;
    const { guid } = await ci360.post(creative, { provider });
    await ci360.outcome(guid);
    await ci360.post(creative, { provider, guid });
    people.push({ provider, from: to, to: sender });
  }
  await used(/^twilio-status: sqs:SendMessage/);
  stack.simulators.setFault('ci360', { mode: 'status', status: 503 });
  for (const { provider, ...who } of people) {
    await fetch(`${stack.simUrl}/_reply/${provider}`, {
      method: 'POST',
      body: JSON.stringify({ ...who, body: 'STOP' }),
    });
  }
  await used(/^ci360-injector: dynamodb:DeleteItem/);
  stack.simulators.setFault('ci360', { mode: 'status', status: 400 });
  await used(/^ci360-injector: sqs:SendMessage/);
  stack.simulators.setFault('ci360', {});
}

/** Refused and kept, twice over, then sent by a replay; and so an external event, with its tables down at first. */
async function keepAndSendAgain({ ci360, put, used, watch }: Ground): Promise<void> {
  const kept = message({ guid: 'kept', to: recipient('invalid', 0) });
  await put('outbound', kept);
  await ci360.outcome(kept.guid);
  await put('outboundDlq', kept);
  await put('outbound', { ...kept, to: recipient('delivered', 2), replay });

  const event = aStatusUpdate({ tenantId, guid: 'kept' });
  watch.meet(({ by, action }) =>
    by === 'dead-letter' && action.startsWith('dynamodb:') ? 'down' : undefined,
  );
  await put('eventsDlq', event);
  await used(/^dead-letter: sqs:ChangeMessageVisibility .*ci360-events-dlq/);
  watch.meet(() => undefined);
  await put('eventsDlq', event);
  await used(/^dead-letter: dynamodb:GetItem table.*failed-requests/);
  await put('events', { ...event, replay });
}

/** Refused for an opt-out; in doubt, with no callback to settle it; and moved by SQS itself while it waits for its next attempt. */
async function refuseAndDoubt({ stack, ci360, put, used }: Ground): Promise<void> {
  await ci360.post(`TO:${recipient('opted-out', 0)};Not for me`);
  stack.simulators.setFault('twilio', { callbacks: 'never' });
  const doubtful = await ci360.post(`TO:${recipient('accepted-then-resets', 0)};In doubt`);
  const urgent = `TO:${recipient('accepted-then-resets', 1)};PRIORITY:high;In doubt too`;
  const inDoubtToo = await ci360.post(urgent);
  await used(/^worker: sqs:ChangeMessageVisibility .*-outbound-priority$/);
  const waiting = message({ guid: 'redriven', to: recipient('throttled-always', 0) });
  await put('outbound', waiting);
  await used(/^worker: sqs:ChangeMessageVisibility .*-outbound$/);
  await put('outboundDlq', waiting);
  expect(await ci360.outcome(waiting.guid)).toMatchObject({ kind: 'failed' });
  // Only the provider's list can tell, and the deliveries to that recipient whose message it is.
  expect(await ci360.outcome(doubtful.guid)).toMatchObject({ kind: 'sent' });
  expect(await ci360.outcome(inDoubtToo.guid)).toMatchObject({ kind: 'sent' });
  stack.simulators.setFault('twilio', {});
}

/** From a sender with a limit: sent, in doubt with priority and without, throttled, and moved by SQS itself. */
async function keepPace({ stack, ci360, put, used, watch }: Ground): Promise<void> {
  const from = 'FROM:12345;';
  const { guid } = await ci360.post(`TO:${recipient('delivered', 30)};${from}In its turn`);
  expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
  stack.simulators.setFault('twilio', { callbacks: 'never' });
  const doubtful = [
    `TO:${recipient('accepted-then-resets', 30)};${from}In doubt`,
    `TO:${recipient('accepted-then-resets', 31)};${from}PRIORITY:high;In doubt too`,
  ];
  for (const creative of doubtful) {
    const inDoubt = await ci360.post(creative);
    expect(await ci360.outcome(inDoubt.guid)).toMatchObject({ kind: 'sent' });
  }
  stack.simulators.setFault('twilio', {});
  const waiting = message({
    guid: 'throttled',
    from: '12345',
    to: recipient('throttled-always', 30),
  });
  await put('outbound', waiting);
  await used(/^worker: sqs:ChangeMessageVisibility .*-outbound-lanes\.fifo$/);
  await used(/^worker: dynamodb:GetItem .*-senders$/);
  watch.meet(({ by, action }) =>
    by === 'dead-letter' && action.startsWith('dynamodb:') ? 'down' : undefined,
  );
  await put('lanesDlq', waiting);
  await used(/^dead-letter: sqs:ChangeMessageVisibility .*-outbound-lanes-dlq\.fifo$/);
  watch.meet(() => undefined);
  expect(await ci360.outcome(waiting.guid)).toMatchObject({ kind: 'failed' });
}

/** Two messages whose callbacks never come: the provider knows of one, and has forgotten the other. */
async function lookUpSilent({ stack, ci360, watch }: Ground): Promise<void> {
  const { guid } = await ci360.post(`TO:${recipient('silent', 0)};Are you there?`);
  await ci360.outcome(guid);
  const reconciledBy = (action: string) =>
    expect
      .poll(async () => {
        await stack.invoke('reconcile', {});
        return watch.calls().some((call) => call.by === 'reconcile' && call.action === action);
      }, patience)
      .toBe(true);
  await reconciledBy('sqs:SendMessage');
  const forgotten = await ci360.post(`TO:${recipient('silent', 1)};And you?`);
  await ci360.outcome(forgotten.guid);
  await fetch(`${stack.simUrl}/_messages/twilio`, { method: 'DELETE' });
  await reconciledBy('dynamodb:PutItem');
}

/** A STOP while its table is down, so that the injector records it; and one whose route names no tenant. */
async function stopWhereNothingIsCertain({ stack, used, watch }: Ground): Promise<void> {
  watch.meet(({ by, action }) =>
    by === 'twilio-inbound' && action.startsWith('dynamodb:') ? 'down' : undefined,
  );
  await fetch(`${stack.simUrl}/_reply/twilio`, {
    method: 'POST',
    body: JSON.stringify({ from: recipient('delivered', 5), to: senders[0][1], body: 'STOP' }),
  });
  await used(/^ci360-injector: dynamodb:PutItem table.*opt-outs/);
  watch.meet(() => undefined);
  const credentials = Buffer.from(`${tenantId}-scg:${tenantId}-scg-webhook-password`);
  const stop = { message_id: 'mo-stop', from_address: recipient('delivered', 6) };
  await fetch(`${stack.url}/webhooks/scg`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials.toString('base64')}` },
    body: JSON.stringify({ ...stop, to_address: senders[1][1], message_body: 'STOP' }),
  });
  await used(/^scg-events: dynamodb:GetItem table.*identities/);
}
