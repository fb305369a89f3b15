import './described.ts';
import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localKeys } from '../../local/secrets.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { aStatusUpdate } from '../builders/external-event-request.ts';
import { connector } from './connector.ts';

const tenantId = 'local-tenant';
const REPORTS = 1500;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({});
  stack.simulators.setFault('ci360', { mode: 'hang' });
  await enqueueReports(REPORTS);
}, 240_000);
afterAll(() => stack.close());

/** Delivery reports, as the status webhook leaves them on its queue. */
async function enqueueReports(count: number) {
  const { AWS_REGION, AWS_ENDPOINT_URL_SQS, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    stack.awsEnv;
  const sqs = new SQSClient({
    region: AWS_REGION ?? '',
    endpoint: AWS_ENDPOINT_URL_SQS ?? '',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  const QueueUrl = stack.settings.ci360_events_queue_url ?? '';
  for (let at = 0; at < count; at += 10) {
    const Entries = Array.from({ length: 10 }, (_, n) => ({
      Id: String(n),
      MessageGroupId: tenantId,
      MessageBody: JSON.stringify(
        aStatusUpdate({ tenantId, guid: randomUUID(), receivedAt: Date.now() }),
      ),
    }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed).toEqual([]);
  }
  sqs.destroy();
}

it.each([
  ['twilio', 'STOP', '+12025550100'],
  ['twilio', 'Please stop!', '+12025550100'],
  ['scg', 'ARRÊT', 'local'],
] as const)(
  'a person who wrote %s "%s" gets no message, though CI360 hangs and its reports wait',
  async (provider, body, to) => {
    const person = recipient('delivered', body.length);

    const heard = await fetch(`${stack.simUrl}/_reply/${provider}`, {
      method: 'POST',
      body: JSON.stringify({ from: person, to, body }),
    });
    expect(heard.status).toBeLessThan(300);
    const ci360 = connector(stack, tenantId);
    const { guid, status } = await ci360.post(`TO:${person};Are you still there?`, { provider });

    expect(status).toBe(202);
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'failed', class: 'opted-out' });
    expect(stack.simulators[provider].messages().filter((one) => one.to === person)).toEqual([]);
  },
  120_000,
);

it('shows an operator who opted out, also where it was read from a longer text', async () => {
  const shown = await fetch(`${stack.url}/opt-outs/show`, {
    method: 'POST',
    headers: { 'x-api-key': localKeys.operator },
    body: JSON.stringify({ tenantId, address: recipient('delivered', 'Please stop!'.length) }),
  });

  expect(await shown.json()).toMatchObject({
    optedOut: true,
    word: { source: 'twilio:STOP in a phrase' },
  });
});
