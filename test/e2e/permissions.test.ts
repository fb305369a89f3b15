import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, serviceDir, startStack } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { resolverOf } from '../../local/template/intrinsics.ts';
import { aStatusUpdate } from '../builders/external-event-request.ts';
import { aMessageRequest } from '../builders/message-request.ts';
import { callWatch } from '../support/call-watch.ts';
import { covers, type Permission, permissionsOf } from '../support/roles.ts';
import { connector } from './connector.ts';

/** The functions whose every way is walked below; what their roles allow besides is too much. */
const walked = [
  'ingress',
  'worker',
  'dead-letter',
  'twilio-status',
  'twilio-inbound',
  'scg-events',
  'ci360-injector',
];

const senders = [
  ['twilio', '+12025550100'],
  ['scg', 'local'],
] as const;

const queues = {
  outbound: 'outbound_queue_url',
  outboundDlq: 'outbound_dlq_url',
  events: 'ci360_events_queue_url',
  eventsDlq: 'ci360_events_dlq_url',
} as const;

/** What the walk below has no occasion for. */
const elsewhere = [
  // Only when a table is down.
  'dead-letter: sqs:ChangeMessageVisibility ci360-mobile-connector-local-ci360-events-dlq',
  // Only for a connector key that names tenants; the stack's own is good for all.
  'ingress: secretsmanager:GetSecretValue secret:ci360-mobile-connector/local/tenants/*',
];

const watch = callWatch();
let stack: Stack;
let ci360: ReturnType<typeof connector>;
let sqs: SQSClient;
let allowed: readonly Permission[];

beforeAll(async () => {
  const endpoints = { api: '', queueUrl: (name: string) => name };
  allowed = permissionsOf(resolverOf(await compileTemplate(serviceDir, 'local'), endpoints));
  stack = await startStack({ between: watch.between });
  ci360 = connector(stack);
  const { AWS_REGION: region = '', AWS_ENDPOINT_URL_SQS: endpoint = '', ...keys } = stack.awsEnv;
  const credentials = {
    accessKeyId: keys.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY ?? '',
  };
  sqs = new SQSClient({ region, endpoint, credentials });
});
afterAll(async () => {
  sqs.destroy();
  await stack.close();
  await watch.close();
});

const put = (queue: keyof typeof queues, body: object | string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.settings[queues[queue]],
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

const named = ({ function: name, action, resource }: Permission) =>
  `${name}: ${action} ${resource.split(':').slice(5).join(':')}`;

/** What is allowed to the functions that are walked and has not been used so far. */
const unused = () =>
  allowed
    .filter((each) => walked.includes(each.function))
    .filter((each) => !watch.calls().some((call) => covers(each, call)))
    .map(named)
    .filter((each) => !elsewhere.includes(each));

const used = (permission: RegExp) =>
  expect
    .poll(() => watch.calls().map(named), { timeout: 30_000 })
    .toContainEqual(expect.stringMatching(permission));

it('allows each function what it does, and nothing that it does not do', async () => {
  const message = (overrides: Partial<MessageRequest>) =>
    aMessageRequest({ tenantId: 'local-tenant', generatedAt: Date.now(), ...overrides });
  const replay = { id: 'replay-1', no: 1, ignoreTtl: false };

  // Sent, posted twice and reported, and answered with STOP while CI360 is down; through both providers.
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

  // Refused and kept, twice over, then sent by a replay; and so an external event.
  const kept = message({ guid: 'kept', to: recipient('invalid', 0) });
  await put('outbound', kept);
  await ci360.outcome(kept.guid);
  await put('outboundDlq', kept);
  await put('outbound', { ...kept, to: recipient('delivered', 2), replay });
  const event = aStatusUpdate({ tenantId: 'local-tenant', guid: 'kept' });
  await put('eventsDlq', event);
  await used(/^dead-letter: dynamodb:GetItem table.*failed-requests/);
  await put('events', { ...event, replay });

  // Refused for an opt-out; in doubt; and moved by SQS itself while it waits for its next attempt.
  await ci360.post(`TO:${recipient('opted-out', 0)};Not for me`);
  await ci360.post(`TO:${recipient('accepted-then-resets', 0)};In doubt`);
  const waiting = message({ guid: 'redriven', to: recipient('throttled-always', 0) });
  await put('outbound', waiting);
  await used(/^worker: sqs:ChangeMessageVisibility/);
  await put('outboundDlq', waiting);
  expect(await ci360.outcome(waiting.guid)).toMatchObject({ kind: 'failed' });

  await expect.poll(unused, { timeout: 30_000 }).toEqual([]);
  const unallowed = watch.calls().filter((call) => !allowed.some((each) => covers(each, call)));
  expect(unallowed.map(named)).toEqual([]);
}, 120_000);
