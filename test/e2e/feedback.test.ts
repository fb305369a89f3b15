import './described.ts';
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failedRequests } from '../../adapters/aws/failed-requests.ts';
import { outboundEvent } from '../../local/demo/event.ts';
import { localKeys } from '../../local/secrets.ts';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import { type Behaviour, recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';

const tenantId = 'local-tenant';
/** A tenant that answers STOP and HELP. */
const answering = 'answering-tenant';
const texts = { stop_text: 'You get no more messages.', help_text: 'Write to help.example.' };
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    tenants: [tenantId, answering],
    settings: { retry_base_seconds: '1', retry_max_seconds: '1', reconcile_after: '1' },
  });
  stack.putSecret(answering, { ...simulatorSecret(stack.simUrl, answering), ...texts });
});
afterAll(() => stack.close());
afterEach(() => {
  for (const name of ['twilio', 'scg', 'ci360']) stack.simulators.setFault(name, {});
});

let people = 0;
/** Sends one message and tells what of it CI360 should hear again. */
async function send(
  provider: 'twilio' | 'scg',
  {
    behaviour = 'delivered',
    to,
    channel,
    from,
  }: { behaviour?: Behaviour; to?: string; channel?: string; from?: string } = {},
) {
  people += 1;
  const message = {
    guid: randomUUID(),
    identityId: randomUUID(),
    responseTrackingCode: randomUUID(),
    to: to ?? recipient(behaviour, people),
  };
  const fields = `${channel ? `CHANNEL:${channel};` : ''}${from ? `FROM:${from};` : ''}`;
  const creative = `TO:${message.to};${fields}Hello ${message.guid}`;
  const event = outboundEvent({ ...message, tenantId, creative, generatedAt: Date.now() });
  const answer = await fetch(`${stack.url}/${provider}/messages`, {
    method: 'POST',
    headers: { 'x-api-key': localKeys.connector },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(202);
  return message;
}

const heardOf = (guid: string) =>
  stack.simulators.ci360
    .events()
    .filter(({ body }) => body.guid === guid)
    .map(({ body }) => body);

/** Waits until CI360 has heard these statuses of a message, and nothing is on its way any more. */
async function statusesOf(guid: string, expected: readonly string[]) {
  for (const status of expected) {
    await stack.simulators.ci360.waitFor(
      ({ body }) => body.guid === guid && body.status === status,
      20_000,
    );
  }
  await stack.simulators.idle();
  return heardOf(guid).map(({ status }) => status);
}

/** The table of failed requests, read beside the service. */
function failed() {
  const { AWS_REGION, AWS_ENDPOINT_URL_DYNAMODB, ...keys } = stack.awsEnv;
  const client = new DynamoDBClient({
    region: AWS_REGION ?? '',
    endpoint: AWS_ENDPOINT_URL_DYNAMODB ?? '',
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  return failedRequests(
    DynamoDBDocumentClient.from(client),
    stack.settings.db_failed_requests_table ?? '',
  );
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('what became of a message', () => {
  it.each([
    ['twilio', 'delivered', undefined, ['sent', 'delivered']],
    ['twilio', 'unreachable', undefined, ['sent', 'undelivered']],
    ['twilio', 'reads', 'WHATSAPP', ['sent', 'delivered', 'read']],
    ['scg', 'delivered', undefined, ['SENT', 'DELIVERED']],
    ['scg', 'unreachable', undefined, ['FAILED']],
    ['scg', 'reads', 'WHATSAPP', ['SENT', 'DELIVERED', 'READ']],
    ['scg', 'clicks', undefined, ['SENT', 'DELIVERED', 'CLICKED']],
  ] as const)(
    'reaches CI360 from %s, when the person %s',
    async (provider, behaviour, channel, expected) => {
      const sent = await send(provider, { behaviour, ...(channel ? { channel } : {}) });
      const statuses = await statusesOf(sent.guid, expected);
      expect(statuses).toEqual(expect.arrayContaining([...expected]));
      expect(new Set(statuses).size).toBe(statuses.length);
      for (const event of heardOf(sent.guid)) {
        expect(event).toMatchObject({
          datahub_id: sent.identityId,
          externalCode: 'TSK_100',
          responseTrackingCode: sent.responseTrackingCode,
          messageId: expect.any(String),
        });
      }
      if (behaviour === 'unreachable') {
        expect(heardOf(sent.guid).at(-1)).toMatchObject({
          errorCode: expect.any(String),
          errorMessage: expect.any(String),
        });
      }
    },
  );

  it.each(['twice', 'reversed', 'before-answer'] as const)(
    'is heard once, though callbacks come %s',
    async (callbacks) => {
      stack.simulators.setFault('twilio', { callbacks });
      stack.simulators.setFault('scg', { callbacks });
      const [twilio, scg] = await Promise.all([send('twilio'), send('scg')]);
      expect((await statusesOf(twilio.guid, ['sent', 'delivered'])).sort()).toEqual([
        'delivered',
        'sent',
      ]);
      expect((await statusesOf(scg.guid, ['SENT', 'DELIVERED'])).sort()).toEqual([
        'DELIVERED',
        'SENT',
      ]);
    },
  );

  it('is heard once CI360 is up again', async () => {
    stack.simulators.setFault('ci360', { mode: 'status', status: 503, count: 4 });
    const sent = await send('twilio');
    expect((await statusesOf(sent.guid, ['sent', 'delivered'])).sort()).toEqual([
      'delivered',
      'sent',
    ]);
  });

  it('is kept for the operator when CI360 refuses to hear it', async () => {
    stack.simulators.setFault('ci360', { mode: 'status', status: 400 });
    const sent = await send('twilio');
    const row = await until(async () => {
      const { items } = await failed().list({ tenantId, status: 'failed' }, { limit: 100 });
      const rows = await failed().getMany(items.map(({ guid }) => guid));
      return rows.find(({ eventBody }) => eventBody.includes(sent.guid));
    });
    expect(row).toMatchObject({
      kind: 'external-event',
      errorClass: 'config',
      errorCode: 'ci360-400',
      generatedTimestamp: expect.any(String),
    });
    expect(heardOf(sent.guid)).toEqual([]);
  });
});

describe('a reply', () => {
  const say = (provider: 'twilio' | 'scg', from: string, body: string, to = '+12025550100') =>
    fetch(`${stack.simUrl}/_reply/${provider}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, to, body }),
    });

  it.each(['twilio', 'scg'] as const)('through %s comes back with its person', async (provider) => {
    const sent = await send(provider);
    await stack.simulators[provider].waitFor(({ to }) => to.includes(sent.to));
    await say(provider, sent.to, `Grüße 😀 ${sent.guid}`);
    const { body } = await stack.simulators.ci360.waitFor(
      (event) => event.body.message_body === `Grüße 😀 ${sent.guid}`,
    );
    expect(body).toMatchObject({
      eventName: `${provider}_mo_event`,
      datahub_id: sent.identityId,
      from: sent.to,
    });
  });

  it.each(['twilio', 'scg'] as const)(
    'through %s comes back with its person, also where the answer to the message was lost',
    async (provider) => {
      stack.simulators.setFault(provider, { mode: 'accept-then-reset', count: 1 });
      const sent = await send(provider, { behaviour: 'replies' });
      const { body } = await stack.simulators.ci360.waitFor(
        (event) => event.body.from === sent.to && event.body.message_body === 'Thanks',
        30_000,
      );
      expect(body).toMatchObject({ datahub_id: sent.identityId });
    },
    40_000,
  );

  it('that says STOP ends messages to that number, until it says START', async () => {
    const sent = await send('scg');
    await stack.simulators.scg.waitFor(({ to }) => to.includes(sent.to));
    const says = async (word: string) => {
      await say('scg', sent.to, word);
      await stack.simulators.ci360.waitFor(
        ({ body }) => body.from === sent.to && body.message_body === word,
      );
    };
    await says('STOP');
    const refused = await send('scg', { to: sent.to });
    const row = await until(() => failed().get(refused.guid, tenantId));
    expect(row.errorClass).toBe('opted-out');
    const written = () => stack.simulators.scg.messages().filter(({ to }) => to === sent.to);
    expect(written()).toHaveLength(1);
    await says('START');
    const welcome = await send('scg', { to: sent.to });
    await statusesOf(welcome.guid, ['DELIVERED']);
    expect(written()).toHaveLength(2);
  });
});

describe('a keyword that SCG does not answer', () => {
  const post = async (message_id: string, from_address: string, message_body: string) => {
    const credentials = `${answering}-scg:${answering}-scg-webhook-password`;
    const answer = await fetch(`${stack.url}/webhooks/scg/${answering}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(credentials)}` },
      body: JSON.stringify({
        message_id,
        from_address,
        to_address: '28776',
        sender_id_id: 'local',
        message_body,
      }),
    });
    expect(answer.status).toBe(200);
  };
  const textsTo = (person: string) =>
    stack.simulators.scg
      .messages()
      .filter(({ to }) => to === person)
      .map(({ body }) => body);

  it('is answered once, though its webhook is called twice, and nothing is sent after a STOP', async () => {
    const person = recipient('delivered', 901);
    const isTo = ({ to }: { readonly to: string }) => to === person;
    await post('mo-help-1', person, 'HELP');
    await stack.simulators.scg.waitFor(isTo);
    await post('mo-help-2', person, 'HELP');
    await post('mo-stop', person, 'STOP');
    await post('mo-stop', person, 'STOP');
    await stack.simulators.scg.waitFor(
      (message) => isTo(message) && message.body === texts.stop_text,
    );
    await post('mo-stop-again', person, 'STOP');
    await post('mo-help-3', person, 'HELP');
    // Later than anything before it on the outbound queue.
    const other = recipient('delivered', 902);
    await post('mo-other', other, 'STOP');
    await stack.simulators.scg.waitFor(({ to }) => to === other);
    await stack.simulators.idle();
    expect(textsTo(person)).toEqual([texts.help_text, texts.stop_text]);

    const answers = stack.simulators.ci360
      .events()
      .filter(({ body }) => String(body.guid).startsWith('answer:'));
    expect(answers).toEqual([]);
  });
});

describe('an opt-out that only Twilio knows of', () => {
  it('is learned from what a Messaging Service reports later, and can be lifted', async () => {
    const service = { behaviour: 'opted-out', from: `MG${'a'.repeat(32)}` } as const;
    const refused = await send('twilio', service);
    expect(await statusesOf(refused.guid, ['failed'])).toEqual(['failed']);
    expect(heardOf(refused.guid)).toMatchObject([
      { errorCode: '21610', errorMessage: 'The recipient has opted out of this sender.' },
    ]);
    const { to } = refused;
    const written = () => stack.simulators.twilio.messages().filter((one) => one.to === to);
    const next = await send('twilio', { ...service, to });
    expect(await until(() => failed().get(next.guid, tenantId))).toMatchObject({
      errorClass: 'opted-out',
      errorCode: 'opted-out',
    });
    expect(written()).toHaveLength(1);

    const lifted = await fetch(`${stack.url}/opt-outs/lift`, {
      method: 'POST',
      headers: { 'x-api-key': localKeys.operator },
      body: JSON.stringify({ tenantId, address: to, confirm: tenantId }),
    });
    expect(lifted.status).toBe(200);
    const again = await send('twilio', { ...service, to });
    expect(await statusesOf(again.guid, ['failed'])).toEqual(['failed']);
    expect(written()).toHaveLength(2);
  });
});

describe('a webhook that is not the provider’s', () => {
  it.each([
    [`/webhooks/twilio/${tenantId}/status?guid=g`, {}, 403],
    [`/webhooks/twilio/${tenantId}/inbound`, { 'x-twilio-signature': 'x' }, 403],
    ['/webhooks/twilio/nobody/status', { 'x-twilio-signature': 'x' }, 403],
    [`/webhooks/scg/${tenantId}`, { authorization: 'Basic eDp5' }, 401],
    ['/webhooks/scg/nobody', { authorization: 'Basic eDp5' }, 401],
  ])('is refused: %s', async (path, headers, status) => {
    const answer = await fetch(`${stack.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: 'MessageSid=SM1&MessageStatus=delivered&From=%2B12025550123&Body=x',
    });
    expect(answer.status).toBe(status);
  });
});

describe('a message whose callbacks never come', () => {
  it.each([
    ['twilio', 'delivered'],
    ['scg', 'DELIVERED'],
  ] as const)('gets its status by asking %s', async (provider, status) => {
    const sent = await send(provider, { behaviour: 'silent' });
    await stack.simulators[provider].waitFor(({ to }) => to === sent.to);
    await until(async () => {
      await stack.invoke('reconcile', {});
      return heardOf(sent.guid).find((event) => event.status === status);
    });
    expect(heardOf(sent.guid)).toMatchObject([
      {
        status,
        datahub_id: sent.identityId,
        externalCode: 'TSK_100',
        responseTrackingCode: sent.responseTrackingCode,
      },
    ]);
  });
});
