import './described.ts';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { callWatch } from '../support/call-watch.ts';

const watch = callWatch();
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    between: watch.between,
    eventSources: false,
    // As deployed. An automatic reply remembers whom it has answered, which costs a read and a write.
    settings: { twilio_auto_reply: 'none' },
  });
});
afterAll(async () => {
  await stack.close();
  await watch.close();
});

const secret = simulatorSecret('');
const signed = (path: string, fields: Record<string, string>) => ({
  path,
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': getExpectedTwilioSignature(
      secret.twilio_auth_token ?? '',
      stack.url + path,
      fields,
    ),
  },
  body: new URLSearchParams(fields).toString(),
});
const { scg_webhook_username: user, scg_webhook_password: password } = secret;

it.each([
  [
    'twilio-status',
    () =>
      signed('/webhooks/twilio/local-tenant/status?guid=g-1&id=i-1&code=c+1&rtc=', {
        MessageSid: 'SM1',
        MessageStatus: 'delivered',
        To: '+12025550123',
        FromCity: '',
      }),
  ],
  [
    'twilio-inbound',
    () =>
      signed('/webhooks/twilio/local-tenant/inbound', {
        MessageSid: 'SM2',
        To: '+12025550100',
        From: '+12025550123',
        Body: 'Grüße & 😀 +',
      }),
  ],
  [
    'scg-events',
    () => ({
      path: '/webhooks/scg/local-tenant',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      },
      body: JSON.stringify({ message_id: 'm', from_address: '+1', message_body: 'Hi' }),
    }),
  ],
])('%s makes one call to AWS, and one more for the secret', async (name, request) => {
  const { path, ...init } = request();
  const call = async () => {
    const before = watch.log.length;
    const answer = await fetch(stack.url + path, { method: 'POST', ...init });
    expect(answer.ok).toBe(true);
    return watch.log.slice(before).map((each) => `${each.by} ${each.action}`);
  };
  const enqueue = `${name} sqs:SendMessage`;
  expect(await call()).toEqual([`${name} secretsmanager:GetSecretValue`, enqueue]);
  expect(await call()).toEqual([enqueue]);
});
